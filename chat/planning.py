"""What becomes of meetings is decided by an app above this one, which the settings name (`CHAT_PLANNER`)."""

from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from chat import frames


class Place(Protocol):
    """What a planner is told of the locked conversation."""

    @property
    def id(self) -> UUID: ...
    @property
    def is_pair(self) -> bool: ...
    @property
    def closes_at(self) -> datetime | None: ...


class Seat(Protocol):
    """What a planner is told of whoever asks."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def number(self) -> int: ...


class Planner(Protocol):
    """Called inside the transaction of the entry, while the conversation is locked and after `policy.ensure_may_write`."""

    def decide(self, meet: frames.Meet, *, conversation: Place, seat: Seat, key: bytes, now: datetime) -> frames.Meeting:
        """Do what is asked and give how the meeting looks now. :raises DomainError:"""

    def report(self, held: frames.Held, *, by_id: UUID, now: datetime) -> None:
        """Keep what a member says about a meeting that is over. :raises DomainError:"""


@cache
def planner() -> Planner:
    """The one of this installation."""
    found: Planner = import_string(settings.CHAT_PLANNER)()
    return found
