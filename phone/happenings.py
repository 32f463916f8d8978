"""What a phone tells those who look at it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from phone.outbox import Draft
from phone.wire import Entry


@dataclass(frozen=True, slots=True)
class Arrived:
    """New lines of a log, the person's own among them."""

    conversation: UUID
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Changed:
    """Marks rose, a card changed, an older page came, or a draft was written."""

    conversation: UUID


@dataclass(frozen=True, slots=True)
class Refused:
    """A draft that no retry will bring further; its code is in it."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Receipt:
    """A report or a question is kept: somebody answers before `answer_by`; who, when it is known."""

    is_flag: bool
    answer_by: datetime
    name: str | None
    on_duty: bool


@dataclass(frozen=True, slots=True)
class Letters:
    """So many letters wait."""

    unread: int


@dataclass(frozen=True, slots=True)
class Needed:
    """Somebody's own words made a machine think that they may want to call; `about` names which lines."""

    about: str


@dataclass(frozen=True, slots=True)
class Afresh:
    """All logs start again."""


@dataclass(frozen=True, slots=True)
class Online:
    """Talking with the server."""


@dataclass(frozen=True, slots=True)
class Offline:
    """Not talking; the next try begins after so many seconds, at `until` of the monotonic clock."""

    seconds: float
    until: float
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """Not talking, and not to try again; `code` is the close code that said so."""

    code: int


Link = Online | Offline | Ended
Happening = Arrived | Changed | Refused | Receipt | Letters | Needed | Afresh | Link
