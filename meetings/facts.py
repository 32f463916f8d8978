"""What happened to meetings. Identifiers only; never a place, a time or a purpose."""

from dataclasses import dataclass
from uuid import UUID

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class MeetingChanged(Fact):
    """An act was done; `by_id` is absent when the organisation did it."""

    meeting_id: UUID
    conversation_id: UUID
    number: int
    version: int
    act: str
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class AwayChanged(Fact):
    """When somebody is away is different now."""

    person_id: UUID
