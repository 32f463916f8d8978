"""What an entry says: what may be in it, how it is sealed, and how a retry is told from a reused draft."""

import hashlib
import hmac
import re
from uuid import UUID

from msgspec import UNSET, DecodeError, UnsetType, msgpack, structs

from chat.errors import BodyEmpty, BodyInvalid, BodyTooLong
from chat.frames import MAX_BODY, Entry, Media, Meeting
from media.models import Item
from media.reading import items
from privacy import envelope
from privacy.errors import CannotOpen

_VISIBLE = re.compile(r"\w")  # the quick answer for nearly every message
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def ensure_body(body: str) -> None:
    """Take 1 to 2,000 code points with something visible in them, stored as they were sent.

    :raises BodyTooLong: :raises BodyInvalid: :raises BodyEmpty:
    """
    if len(body) > MAX_BODY:
        raise BodyTooLong
    if _UNSTORABLE.search(body):
        raise BodyInvalid
    if not _VISIBLE.search(body) and not any(character.isprintable() and not character.isspace() for character in body):
        raise BodyEmpty


def seal_body(body: str, *, key: bytes, conversation_id: UUID, entry_id: UUID, sender_id: UUID) -> bytes:
    """Seal a body so that it opens only in its own place, under its own author."""
    return envelope.seal(key, body.encode(), aad=_place(conversation_id, entry_id, sender_id))


def open_body(sealed: bytes, *, key: bytes, conversation_id: UUID, entry_id: UUID, sender_id: UUID) -> str:
    """:raises CannotOpen: it was changed, moved, or belongs to another key."""
    return envelope.open_sealed(key, sealed, aad=_place(conversation_id, entry_id, sender_id)).decode()


def seal_meeting(meeting: Meeting, *, key: bytes, conversation_id: UUID, place_id: UUID) -> bytes:
    """Seal how a meeting looks so that it opens only in its own entry, or its own row."""
    return envelope.seal(key, msgpack.encode(meeting), aad=_meeting_place(conversation_id, place_id))


def open_meeting(sealed: bytes, *, key: bytes, conversation_id: UUID, place_id: UUID) -> Meeting:
    """:raises CannotOpen: it was changed, moved, belongs to another key, or is of a release to come."""
    opened = envelope.open_sealed(key, sealed, aad=_meeting_place(conversation_id, place_id))
    try:
        return msgpack.decode(opened, type=Meeting)
    except DecodeError:
        raise CannotOpen("The seal opens on something that this release does not know.") from None


def _meeting_place(conversation_id: UUID, place_id: UUID) -> bytes:
    return b"meeting\x01" + conversation_id.bytes + place_id.bytes


def _place(conversation_id: UUID, entry_id: UUID, sender_id: UUID) -> bytes:
    return b"entry\x01" + conversation_id.bytes + entry_id.bytes + sender_id.bytes


def media_of(item: Item, *, key: bytes) -> Media:
    """A photo or voice note as its entry shows it."""
    return Media(
        kind="photo" if item.kind == "photo" else "voice",
        small=item.small,
        large=item.large,
        preview=items.preview_of(item, key=key),
        width=item.width,
        height=item.height,
        seconds=item.seconds,
    )


def without_what_is_asked(meeting: Meeting) -> Meeting | UnsetType:
    """A meeting of somebody whom the reader blocked: no proposal; but that one is moved, answered or off, in no words of theirs."""
    if meeting.act in {"propose", "counter"}:
        return UNSET
    return structs.replace(meeting, place="", purpose=UNSET)


def without_preview(entry: Entry) -> Entry:
    """An entry as somebody in low-data mode gets it: what a photo shows before the tap stays away."""
    if isinstance(entry.media, UnsetType) or not entry.media.preview:
        return entry
    return structs.replace(entry, media=structs.replace(entry.media, preview=b""))


def digest(kind: str, target: int | None, body: str | None, media: UUID | None = None, *, key: bytes, conversation_id: UUID) -> bytes:
    """Recognise the same draft again without keeping its text; worth nothing once the key is erased."""
    said = f"{kind}\x00{target or 0}\x00{body or ''}".encode()
    if media is not None:
        said += b"\x00" + media.bytes  # no body holds a zero
    return hmac.digest(key, conversation_id.bytes + said, hashlib.sha256)[:16]
