"""Whoever was shut out holds no device: the coordinator of their circle, or the deputy, reads them their letter."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from moderation import policy
from moderation.actions.changing import write
from moderation.errors import StatementNotFound
from moderation.models import Reading, Statement
from moderation.permissions import Permission


def open_letter(statement_id: UUID, *, by: Person, now: datetime) -> Statement:
    """The letter, to be told in words by `letters.tell`. It quotes its person, so that it was read is committed before this returns.

    :raises Forbidden: :raises StatementNotFound: also of a circle that they do not answer for, and of somebody who can read it themselves
    """
    policy.ensure_may(by, Permission.SPEAK_FOR)
    related = ("person__data_key", "case__circle", "case__data_key", "case__conversation", "decision__case__data_key")
    with transaction.atomic(durable=True):
        found = Statement.objects.select_related(*related).filter(id=statement_id).first()
        if found is None or found.case is None or not policy.speaks_for(by, found):
            raise StatementNotFound
        row = write(found.case, "letter_read", by=by, now=now, letter=str(found.id), kind=str(found.kind))
        Reading.objects.create(case=found.case, person_id=found.person_id, by=by, lines=1, at=now, audit_n=row.n)
    return found
