"""Parts of replies and events."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from chat.frames.base import EntryKind
from chat.frames.meetings import Meeting


class Media(Struct, frozen=True, omit_defaults=True, gc=False):
    """A photo or a voice note of a message, before anybody asked for its bytes.

    `small` and `large` are the bytes of a photo at 320 and 640 pixels (the larger of AVIF and WebP); a voice note has
    `small` alone and lasts `seconds`. `preview` is 20 cells of colour in 30 bytes; in low-data mode it stays away.
    """

    kind: Literal["photo", "voice"]
    small: int
    large: int = 0
    preview: bytes = b""
    width: int = 0
    height: int = 0
    seconds: int = 0


class Entry(Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of a conversation's log.

    `author` is a member's number, 0 for the organisation. A message that was edited or retracted carries the `seq` of
    the newest such entry in `edited_seq` or `retracted_seq`; its `body` is the newest one, or absent once it is gone.
    One that a moderator hid carries `hidden_seq` and no body, for everybody; `hide` and `restore` name it in `target`,
    and a `restore` carries its body (and photo) again.
    `concealed` stands for a message of somebody this person blocked. `draft_id` is shown to its author alone.
    """

    seq: int
    kind: EntryKind
    author: int
    at: datetime
    body: str | UnsetType = UNSET
    target: int | UnsetType = UNSET
    member: int | UnsetType = UNSET
    edited_seq: int | UnsetType = UNSET
    retracted_seq: int | UnsetType = UNSET
    hidden_seq: int | UnsetType = UNSET
    concealed: bool = False
    draft_id: UUID | UnsetType = UNSET
    media: Media | UnsetType = UNSET
    meeting: Meeting | UnsetType = UNSET


class Member(Struct, frozen=True, omit_defaults=True, gc=False):
    """Somebody in a conversation. `read_seq` is absent when this person keeps it to themselves."""

    number: int
    person: UUID
    name: str
    role: str
    delivered_seq: int = 0
    read_seq: int | UnsetType = UNSET
    left: bool = False


class Card(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a device shows of a conversation in its list.

    `state` is `open`, `paused` or `closed`; one that is `open` with `closes_at` takes messages until then.
    `first_seq` and `last_seq` bound what this person may see; `you` is this person's number in it.
    """

    id: UUID
    kind: str
    state: Literal["open", "paused", "closed"]
    you: int
    first_seq: int
    last_seq: int
    members: list[Member]
    closes_at: datetime | UnsetType = UNSET
    muted_until: datetime | UnsetType = UNSET
    left: bool = False
    read_seq: int = 0


class Mark(Struct, frozen=True, omit_defaults=True, gc=False):
    """How far a member got. `read_seq` is absent when this person keeps it to themselves."""

    number: int
    delivered_seq: int
    read_seq: int | UnsetType = UNSET
