"""Every refusal of a photo or voice note, on one page."""

from core.errors import DomainError, NotFound


class MediaUnknownKind(DomainError):
    """The content decides, never a name or a header."""

    code = "media_unknown_kind"
    status = 415
    sentence = "This is neither a photo (JPEG, PNG or WebP, one picture) nor a voice note (Ogg, WebM or MP4, sound alone)."


class MediaTooBig(DomainError):
    code = "media_too_big"
    status = 413
    sentence = "This photo has more than 20 million pixels. Make it smaller first."


class MediaTooLong(DomainError):
    code = "media_too_long"
    status = 413
    sentence = "A voice note lasts 60 seconds at most."


class MediaBroken(DomainError):
    code = "media_broken"
    sentence = "This photo or voice note is damaged. Make it again."


class MediaReused(DomainError):
    code = "media_reused"
    status = 409
    sentence = "This id was already used for another photo or voice note."


class MediaNotFound(NotFound):
    code = "media_not_found"
    sentence = "There is no such photo or voice note here."


class QuotaFull(DomainError):
    code = "quota_full"
    status = 409
    sentence = "There is no room for more photos and voice notes in this circle. Take back some that are not needed."
