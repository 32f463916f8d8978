"""Letters to members: made in the transaction of what they are about, counted on the person, read once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import Person
from chat.models import Entry
from core import facts as told
from moderation.errors import StatementNotFound
from moderation.facts import StatementMade, StatementRead
from moderation.models import Case, Decision, Escalation, Statement
from moderation.words import StatementKind

MOST_UNREAD = 32_000  # beyond which nobody counts; the column holds no more


def make(
    *,
    person_id: UUID,
    kind: StatementKind,
    case: Case | None = None,
    decision: Decision | None = None,
    escalation: Escalation | None = None,
    facts: dict[str, Any],
    words: str = "",
    now: datetime,
) -> Statement | None:
    """Write somebody a letter; none to who was erased. `facts` are codes, instants (ISO) and numbers; `words` of who answers.

    To whom something was done, it also keeps what it was about and how it was found, as they are now.
    """
    if not Person.objects.filter(id=person_id, erased_at=None).exists():
        return None
    known = facts if case is None or kind == StatementKind.OUTCOME else {**_found(case), **facts}
    statement = Statement(person_id=person_id, kind=kind, case=case, decision=decision, escalation=escalation, facts=known, at=now)
    statement.take_words(words)
    statement.save(force_insert=True)
    Person.objects.filter(id=person_id, unread_statements__lt=MOST_UNREAD).update(unread_statements=F("unread_statements") + 1)
    told.record(StatementMade(statement.id, person_id))
    return statement


def read(statement_id: UUID, *, by: Person, now: datetime) -> Statement:
    """The person saw it. Again changes nothing. :raises StatementNotFound: also when it is somebody else's."""
    with transaction.atomic():
        Person.objects.locked(by.id)
        statement = Statement.objects.filter(id=statement_id, person=by).first()
        if statement is None:
            raise StatementNotFound
        if statement.read_at is None:
            statement.read_at = now
            statement.save(update_fields=["read_at"])
            unread = Statement.objects.filter(person=by, read_at=None).count()
            Person.objects.filter(id=by.id).update(unread_statements=min(unread, MOST_UNREAD))
            told.record(StatementRead(statement.id, by.id))
    return statement


def _found(case: Case) -> dict[str, Any]:
    """What the case is about, and what drew attention to it: never who."""
    found: dict[str, Any] = {"from_flag": case.was_flagged(), "from_signal": case.was_screened()}
    if case.conversation.is_pair:
        found["in_pair"] = True
    if case.target_seq is not None:
        at = Entry.objects.filter(conversation_id=case.conversation_id, seq=case.target_seq).values_list("at", flat=True).first()
        found["line_at"] = at.isoformat() if at else None
    return found
