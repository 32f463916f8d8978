"""The letters of one person; somebody else's and a missing one are alike not there."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from moderation.errors import StatementNotFound
from moderation.models import Appeal, Statement
from moderation.words import StatementKind


def everything(person: Person) -> QuerySet[Statement]:
    """Newest first."""
    return _with_what_it_is_about().filter(person=person)


def one(person: Person, statement_id: UUID) -> Statement:
    """:raises StatementNotFound:"""
    found = everything(person).filter(id=statement_id).first()
    if found is None:
        raise StatementNotFound
    return found


def appeal_until(statement: Statement, *, now: datetime) -> datetime | None:
    """Until when its person may have somebody else look; nothing when they may not, or did."""
    decision = statement.decision
    if decision is None or statement.kind != StatementKind.RESTRICTION or decision.appeal_until is None:
        return None
    is_open = now < decision.appeal_until and decision.overturned_at is None and not Appeal.objects.filter(decision=decision).exists()
    return decision.appeal_until if is_open else None


def appealed_at(statement: Statement) -> datetime | None:
    """When its person did. Told in the letter that may be appealed, and in no other."""
    if statement.kind != StatementKind.RESTRICTION or statement.decision_id is None:
        return None
    return Appeal.objects.filter(decision_id=statement.decision_id, person_id=statement.person_id).values_list("at", flat=True).first()


def _with_what_it_is_about() -> QuerySet[Statement]:
    return Statement.objects.select_related(
        "person", "case__data_key", "case__conversation", "decision__case__data_key", "escalation__data_key", "escalation__circle"
    )
