"""What happened in moderation. Identifiers only; never a word of anybody."""

from dataclasses import dataclass
from uuid import UUID

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class CaseChanged(Fact):
    """A case is new or something of it changed; whoever looks at the queue looks again."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class ScreeningChanged(Fact):
    """An organisation uses another word list, or wants messages held, or no more."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class StatementMade(Fact):
    """There is a letter for somebody."""

    statement_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class StaffCalled(Fact):
    """Somebody of the staff must look, now: a case, an escalation or an appeal waits, or something was decided in their circle. `what` is its kind, `subject_id` its id.

    `is_urgent`: also in their quiet hours.
    """

    person_ids: tuple[UUID, ...]
    what: str  # case | escalation | appeal | circle
    subject_id: UUID
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class EscalationChanged(Fact):
    escalation_id: UUID


@dataclass(frozen=True, slots=True)
class StatementRead(Fact):
    """Its person saw a letter."""

    statement_id: UUID
    person_id: UUID
