"""What happened to people and their devices. Identifiers only."""

from dataclasses import dataclass
from uuid import UUID

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class InviteMade(Fact):
    """`by_id` is absent when the operator did it from the command line."""

    person_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class InviteRevoked(Fact):
    person_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class SignedOutEverywhere(Fact):
    """All devices at once, by the person or by staff: something was lost, or got into wrong hands."""

    person_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class SignedOutByStaff(Fact):
    person_id: UUID
    by_id: UUID


@dataclass(frozen=True, slots=True)
class AccessWithdrawn(Fact):
    """Something that was open to this person no longer is; `access_version` is the number it rose to."""

    person_id: UUID
    access_version: int


@dataclass(frozen=True, slots=True)
class PersonChanged(Fact):
    """`fields` are the names of what changed, never the values."""

    person_id: UUID
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonChangedByStaff(Fact):
    person_id: UUID
    by_id: UUID


@dataclass(frozen=True, slots=True)
class PersonSuspended(Fact):
    person_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class PersonUnsuspended(Fact):
    person_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class PersonErasing(Fact):
    """Somebody is about to be forgotten: what is theirs goes with them, and raising undoes it. `by_id` is absent for the operator."""

    person_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, slots=True)
class PersonBlocked(Fact):
    blocker_id: UUID
    blocked_id: UUID


@dataclass(frozen=True, slots=True)
class PersonUnblocked(Fact):
    blocker_id: UUID
    blocked_id: UUID
