"""One upload on the bench."""

from core.errors import DomainError
from media.errors import MediaBroken
from media.workshop import limits
from media.workshop.kinds import kind_of
from media.workshop.results import Made, Refused, encode


def result_of(data: bytes) -> bytes:
    """The encoded result for these bytes, whatever they are."""
    try:
        return encode(_made(data))
    except DomainError as problem:
        return encode(Refused(problem.code))
    except Exception:  # decoders raise whatever they meet when the bytes are not what they seemed
        return encode(Refused(MediaBroken.code))


def _made(data: bytes) -> Made:
    if kind_of(data) == "photo":
        from media.workshop import photos  # the other half of the libraries stays out

        limits.open_nothing_more()
        return photos.make(data)
    from media.workshop import voices

    limits.open_nothing_more()
    return voices.make(data)
