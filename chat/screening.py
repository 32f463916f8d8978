"""What is seen in messages, and what follows, is decided by an app above this one, which the settings name (`CHAT_SCREENER`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from chat import frames


class Signal(NamedTuple):
    """Something seen: a class, `severity` 1 low … 4 immediate danger, the stable code of the rule, and who says so."""

    klass: str
    severity: int
    reason: str
    source: str  # "nl 3": language and version of a list; "detector"; "classifier"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a text gave. `help`: the card that its writer may need. `holds`: it waits for a moderator first."""

    signals: tuple[Signal, ...] = ()
    help: frames.Help | None = None
    holds: bool = False


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What was seen in an entry that is now in the log."""

    conversation_id: UUID
    seq: int
    sender_id: UUID
    signals: tuple[Signal, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ToHold:
    """A message, or an edit of `target`, that waits outside the log. `digest` knows a retry; `key` is that of the conversation."""

    conversation_id: UUID
    person_id: UUID
    draft_id: UUID
    body: str
    target: int | None
    media: UUID | None
    digest: bytes
    key: bytes
    seen: Seen


class Place(Protocol):
    """What a screener is told of the locked conversation."""

    @property
    def id(self) -> UUID: ...
    @property
    def is_pair(self) -> bool: ...


class Screener(Protocol):
    """Called in the transaction of the entries, while their conversations are locked. What fails here never refuses a message."""

    def look(self, text: str, *, place: Place, languages: Sequence[str]) -> Seen | None:
        """Look at what somebody wants to say: quick, and without a trace. `languages`: the writer's, then those of the others.

        Nothing seen and nothing to wait for: None.
        """

    def keep(self, seen: Sequence[SeenEntry], *, held: Sequence[ToHold], now: datetime) -> None:
        """Let somebody look at entries just written, and at what waits since now; last in their transaction."""

    def hold(self, line: ToHold, *, now: datetime) -> datetime:
        """Keep it outside the log; give until when at most."""

    def held(self, *, place: Place, person_id: UUID, draft_id: UUID, digest: bytes) -> datetime | None:
        """Until when a draft waits that is given again; None when it never waited.

        :raises DraftReused: it was something else. :raises NotLetThrough: a moderator decided against it.
        """


@cache
def screener() -> Screener:
    """The one of this installation."""
    found: Screener = import_string(settings.CHAT_SCREENER)()
    return found
