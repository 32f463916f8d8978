"""Who of the staff read what somebody wrote: for that somebody."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from accounts.models import Person
from moderation.models import Reading
from moderation.words import CaseState

MOST = 500


@dataclass(frozen=True, slots=True)
class ReadingOfMine:
    """Somebody with this role, of this organisation, was shown so many lines of theirs. Staff read in a role, not under a name."""

    at: datetime
    role: str
    organisation: str
    lines: int


def readings_of(person: Person) -> list[ReadingOfMine]:
    """The newest five hundred, newest first; of a case once it was decided.

    Until then it would tell a person that somebody flagged them, and in a pair who. What was told before stays told when the case is
    taken up again: that it vanished would say the same.
    """
    decided = Q(case=None) | Q(case__decided_at__isnull=False) | Q(case__state=CaseState.CLOSED)
    told_before = Q(at__lt=F("case__opened_at"))
    found = Reading.objects.filter(decided | told_before, person=person).select_related("by", "case__organisation").order_by("-at", "-id")
    rows = found.prefetch_related("by__organisation_memberships__organisation")[:MOST]
    return [ReadingOfMine(row.at, row.by.role, _organisation(row), row.lines) for row in rows]


def _organisation(row: Reading) -> str:
    """That of the case; of one that is no case, that of the reader."""
    if row.case is not None:
        return row.case.organisation.name
    memberships = sorted(row.by.organisation_memberships.all(), key=lambda membership: membership.since)
    return memberships[0].organisation.name if memberships else ""
