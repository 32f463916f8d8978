"""What was done with a case, as the audit log has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Person, Role
from audit.models import AuditRow
from core.errors import Forbidden
from moderation import policy
from moderation.errors import CaseNotFound
from moderation.models import Case
from moderation.permissions import Permission, permissions_of

MOST = 500
READERS = frozenset({Permission.READ_CASE, Permission.SEE_AUDIT})


@dataclass(frozen=True, slots=True)
class Event:
    """One row: `action` is a code such as "claimed"; `name` and `role` are those of staff, empty for what happened by itself."""

    n: int
    at: datetime
    action: str
    by_id: UUID | None
    name: str
    role: str
    detail: dict[str, Any]


def of_case(case_id: UUID, *, person: Person) -> list[Event]:
    """The newest five hundred, oldest first; identifiers and codes alone, and never who flagged.

    :raises Forbidden: :raises CaseNotFound: also for a case of another organisation. :raises OwnCircle:
    """
    if not READERS & permissions_of(person):
        raise Forbidden
    case = Case.objects.filter(id=case_id).first()
    if case is None or not policy.belongs_to(person, case.organisation_id):
        raise CaseNotFound
    policy.ensure_not_own_circle(person, case.circle_id)
    rows = list(AuditRow.objects.filter(subject=f"case:{case_id}").order_by("-n")[:MOST])
    people = Person.objects.select_related("data_key").in_bulk({row.actor_id for row in rows if row.actor_id})
    return [_event(row, people.get(row.actor_id) if row.actor_id else None) for row in reversed(rows)]


def _event(row: AuditRow, who: Person | None) -> Event:
    is_staff = who is not None and Role(who.role).is_for_staff  # a member who appeals is nobody here
    return Event(
        n=row.n,
        at=row.at,
        action=row.action.removeprefix("case."),
        by_id=who.id if who and is_staff else None,
        name=who.name if who and is_staff else "",
        role=who.role if who and is_staff else "",
        detail={key: value for key, value in row.detail.items() if key != "flag"},
    )
