"""How much there is and how it goes, in numbers: for the console, the command line and whoever watches the machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from moderation.models import Case, Decision, Escalation
from moderation.words import Priority

WEEKS = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open cases of one priority; `oldest_at` is when the oldest was opened."""

    priority: Priority
    open: int = 0
    breached: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one colleague decided in the last weeks, and how much of it in time. A proposal is no decision until a second person agreed."""

    person_id: UUID
    decided: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Week:
    """What was decided in one week, and how much of it too late; `ends` is an instant, seven days after the week began."""

    ends: datetime
    decided: int
    late: int


def waiting(*, now: datetime, organisation_ids: Iterable[UUID] | None = None) -> list[Waiting]:
    """One for each priority, the most urgent first; of all organisations when none are named."""
    cases = Case.objects.open()
    if organisation_ids is not None:
        cases = cases.filter(organisation_id__in=list(organisation_ids))
    late = Q(due_at__lt=now, decided_at=None)
    counted = cases.values_list("priority").annotate(open=Count("id"), breached=Count("id", filter=late), oldest_at=Min("opened_at"))
    found = {Priority(priority): Waiting(Priority(priority), *counts) for priority, *counts in counted}
    return [found.get(one, Waiting(one)) for one in Priority]


def unanswered(*, now: datetime, organisation_ids: Iterable[UUID] | None = None) -> tuple[int, int]:
    """How many escalations nobody has acknowledged, and how many of them beyond the first deadline."""
    open_ones = Escalation.objects.unanswered()
    if organisation_ids is not None:
        open_ones = open_ones.filter(circle__programme__organisation_id__in=list(organisation_ids))
    counted = open_ones.aggregate(all=Count("id"), late=Count("id", filter=Q(due_at__lt=now) | Q(step__gt=0)))
    return counted["all"], counted["late"]


def weeks(organisation_id: UUID, *, now: datetime, count: int = 8) -> list[Week]:
    """The last weeks, the oldest first; each ends seven days before the next, the last one now."""
    found = list(_decided([organisation_id], since=now - timedelta(weeks=count), now=now).values_list("in_force_at", "case__due_at"))
    ends = [now - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
    return [_week(end, [at > due_at for at, due_at in found if at is not None and end - timedelta(weeks=1) < at <= end]) for end in ends]


def _week(ends: datetime, are_late: list[bool]) -> Week:
    return Week(ends, len(are_late), sum(are_late))


def shares(organisation_ids: Iterable[UUID], *, now: datetime) -> list[Share]:
    """Who decided how much in the last four weeks; by id, never ranked."""
    recent = _decided(organisation_ids, since=now - timedelta(weeks=WEEKS), now=now)
    counted = recent.values("by_id").annotate(decided=Count("id"), in_time=Count("id", filter=Q(in_force_at__lte=F("case__due_at"))))
    return [Share(row["by_id"], row["decided"], row["in_time"]) for row in counted.order_by("by_id")]


def _decided(organisation_ids: Iterable[UUID], *, since: datetime, now: datetime) -> "QuerySet[Decision]":
    """What came into force within that time; what a coordinator did at once, beside any case, was nobody's work on one."""
    of_cases = Decision.objects.filter(case__organisation_id__in=list(organisation_ids), at_once=False)
    return of_cases.filter(in_force_at__gt=since, in_force_at__lte=now)
