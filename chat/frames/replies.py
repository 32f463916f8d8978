"""Replies: to the device that asked; each carries `reply_to`."""

from datetime import datetime
from uuid import UUID

from msgspec import UNSET, UnsetType

from chat.frames.base import Frame
from chat.frames.parts import Entry
from chat.frames.safety import Escalated, Flagged, Help, Waiting


class Resumed(Frame, tag="resumed", frozen=True, omit_defaults=True):
    """Cards follow as `conversation` events (when asked), then the missed entries as `entries` events.

    `resync` true: forget the stored log and marks, they belong to another epoch; what follows starts afresh.
    """

    reply_to: int
    epoch: UUID
    resync: bool = False


class Sent(Frame, tag="sent", frozen=True, omit_defaults=True):
    """The entry is stored for good. Every retry of the draft gets this same reply.

    `help` names the card of helplines that the writer may need; it is shown to nobody else and changes nothing.
    """

    reply_to: int
    conversation: UUID
    draft_id: UUID
    seq: int
    at: datetime
    help: Help | UnsetType = UNSET


class Page(Frame, tag="page", frozen=True, omit_defaults=True):
    """Entries in rising `seq`; `more` says whether there are others in the direction asked."""

    reply_to: int
    conversation: UUID
    entries: list[Entry]
    more: bool


class Done(Frame, tag="done", frozen=True, omit_defaults=True):
    reply_to: int


class Pong(Frame, tag="pong", frozen=True, omit_defaults=True):
    reply_to: int


class Error(Frame, tag="error", frozen=True, omit_defaults=True):
    """A refusal. `code` is stable; `message` is for the developer; `retry_after` is in seconds."""

    code: str
    message: str
    reply_to: int | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


Reply = Resumed | Sent | Page | Done | Pong | Flagged | Escalated | Waiting | Error
