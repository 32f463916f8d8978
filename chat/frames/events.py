"""Events: told by the server."""

from datetime import datetime
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from chat.frames.base import Frame
from chat.frames.parts import Card, Entry, Mark
from chat.frames.safety import Statements


class Welcome(Frame, tag="welcome", frozen=True, omit_defaults=True):
    """The first frame of every socket."""

    epoch: UUID
    person: UUID
    device: UUID
    now: datetime
    heartbeat: int
    window: int


class Entries(Frame, tag="entries", frozen=True, omit_defaults=True):
    """The next entries of a conversation; the first one follows the last one this device was given."""

    conversation: UUID
    entries: list[Entry]


class Head(Frame, tag="head", frozen=True, omit_defaults=True):
    """There is more, up to `seq`; it comes once this device has acked enough."""

    conversation: UUID
    seq: int


class Marks(Frame, tag="marks", frozen=True, omit_defaults=True):
    """Delivered and read marks that rose."""

    conversation: UUID
    marks: list[Mark]


class Changed(Frame, tag="conversation", frozen=True, omit_defaults=True):
    """A conversation is new, or something of its card changed."""

    card: Card


class Bye(Frame, tag="bye", frozen=True, omit_defaults=True):
    """The server closes this socket with `code`; come back after `retry_after` seconds, or not at all when it is absent."""

    code: int
    retry_after: int | UnsetType = UNSET


class Budget(Frame, tag="budget", frozen=True, omit_defaults=True):
    """This month's data passed a step: `step` is 50, 80 or 100 per cent of the person's `budget`. Both sizes are in bytes."""

    step: int
    used: int
    budget: int


class Upgrade(Frame, tag="upgrade", frozen=True, omit_defaults=True):
    """The server serves a newer page than the one this device said it runs."""

    version: str


class Polled(Struct, frozen=True, omit_defaults=True):
    """The answer to a poll. `more`: ask again at once, there is more than fitted. `statements`: so many letters wait."""

    epoch: UUID
    conversations: list[Card]
    news: list[Entries]
    resync: bool = False
    more: bool = False
    statements: int = 0


Event = Welcome | Entries | Head | Marks | Changed | Budget | Upgrade | Statements | Bye
