"""What happened to circles. Identifiers only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class CircleIntroduced(Fact):
    """The members may talk from now on; `member_ids` in the order in which they were invited."""

    circle_id: UUID
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CircleMemberJoined(Fact):
    """Somebody joined a circle whose members were talking already."""

    circle_id: UUID
    person_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class CircleMemberLeft(Fact):
    """Somebody who had joined left, or was taken out."""

    circle_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class CoordinatorsChanged(Fact):
    """Others answer for a circle from now on; `former_ids` did until now, and do no more."""

    circle_id: UUID
    former_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CirclePaused(Fact):
    circle_id: UUID


@dataclass(frozen=True, slots=True)
class CircleResumed(Fact):
    circle_id: UUID


@dataclass(frozen=True, slots=True)
class CircleEnded(Fact):
    """Told again with an earlier `closes_at` when a circle in its grace turns out to be unsafe."""

    circle_id: UUID
    reason: str
    closes_at: datetime
