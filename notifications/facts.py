"""What happened to notices. Identifiers only."""

from dataclasses import dataclass
from uuid import UUID

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class NoticesWritten(Fact):
    """There is something to tell somebody; whoever sends need not wait for the next look."""


@dataclass(frozen=True, slots=True)
class ChoicesChanged(Fact):
    """When somebody wants to be reminded, or left alone, is different now."""

    person_id: UUID
