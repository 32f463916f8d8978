"""The open cases of somebody's organisations, by deadline: what about, how urgent, since when. No word and no name of anybody."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Person
from moderation import names, policy
from moderation.models import Case, Flag, Signal
from moderation.permissions import Permission, may
from moderation.words import CaseState, Priority
from programmes.models import OrganisationMember

MOST = 200


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case as whoever triages sees it. `claimer` and `for_whom` are staff, by their ids; `is_mine`: whoever asks holds it.

    `about` is a pseudonym, "buddy 2"; `reasons` and `signals` count codes.
    """

    id: UUID
    version: int
    organisation_id: UUID
    circle_id: UUID
    circle_kind: str
    about: str
    is_about_a_person: bool
    state: CaseState
    priority: Priority
    reasons: dict[str, int]
    signals: dict[str, int]
    worst_signal: int
    opened_at: datetime
    due_at: datetime
    is_overdue: bool
    is_mine: bool
    claimer_id: UUID | None
    lease_until: datetime | None
    handed_to_id: UUID | None
    for_leads: bool
    interim_until: datetime | None
    may_claim: bool


def rows(
    person: Person,
    *,
    state: CaseState | None = None,
    priority: Priority | None = None,
    mine: bool = False,
    overdue: bool = False,
    now: datetime,
) -> list[QueueRow]:
    """At most two hundred: those that wait for a decision, the one that is due first first, then the others. Cases of a circle that they know are not among them.

    `state` may be one that is over, to look back; then the newest comes first. :raises Forbidden:
    """
    policy.ensure_may(person, Permission.SEE_QUEUE)
    found = list(_wanted(visible_to(person), person, state, priority, mine=mine, overdue=overdue, now=now)[:MOST])
    return _rows(found, person, now=now)


def row(case_id: UUID, person: Person, *, now: datetime) -> QueueRow | None:
    """One case as it stands in the queue, whatever its state; none for a case that they may not see. :raises Forbidden:"""
    policy.ensure_may(person, Permission.SEE_QUEUE)
    return next(iter(_rows(list(visible_to(person).filter(id=case_id)), person, now=now)), None)


def visible_to(person: Person) -> QuerySet[Case]:
    """The cases of their organisations, without those of circles that they know."""
    organisations = OrganisationMember.objects.of(person.id).values("organisation_id")
    known = policy.circles_of(person).values("id")
    return Case.objects.select_related("circle").filter(organisation_id__in=organisations).exclude(circle_id__in=known)


def stamp(organisation_ids: Iterable[UUID]) -> str:
    """Something that is different once any case of these organisations changed; one look at an index for each."""
    newest = [
        Case.objects.filter(organisation_id=id_).order_by("-changed_at").values_list("changed_at", "id", "version").first()
        for id_ in sorted(set(organisation_ids))
    ]
    return "/".join("-" if found is None else f"{found[0].timestamp():.6f} {found[1]} {found[2]}" for found in newest)


def _wanted(
    cases: QuerySet[Case],
    person: Person,
    state: CaseState | None,
    priority: Priority | None,
    *,
    mine: bool,
    overdue: bool,
    now: datetime,
) -> QuerySet[Case]:
    wanted = cases.exclude(state=CaseState.CLOSED) if state is None else cases.filter(state=state)
    if priority is not None:
        wanted = wanted.filter(priority=priority)
    if mine:
        wanted = wanted.filter(Q(claimed_by=person, lease_until__gt=now) | Q(handed_to=person))
    if overdue:
        wanted = wanted.filter(due_at__lt=now, decided_at=None)
    if state == CaseState.CLOSED:
        return wanted.order_by("-closed_at", "-id")
    return wanted.annotate(is_decided=Q(decided_at__isnull=False)).order_by("is_decided", "due_at", "priority", "id")


def _rows(found: list[Case], person: Person, *, now: datetime) -> list[QueueRow]:
    ids = [case.id for case in found]
    reasons = _counted(Flag.objects.filter(case_id__in=ids).order_by().values_list("case_id", "reason").annotate(n=Count("id")))
    signals = _counted(Signal.objects.filter(case_id__in=ids).order_by().values_list("case_id", "klass").annotate(n=Count("id")))
    worst = dict(Signal.objects.filter(case_id__in=ids).order_by().values_list("case_id").annotate(most=Max("severity")))
    speakers = names.speakers_in(case.conversation_id for case in found)
    claims = may(person, Permission.CLAIM)
    return [
        QueueRow(
            id=case.id,
            version=case.version,
            organisation_id=case.organisation_id,
            circle_id=case.circle_id,
            circle_kind=case.circle.kind,
            about=_about(case, speakers),
            is_about_a_person=case.target_seq is None,
            state=CaseState(case.state),
            priority=Priority(case.priority),
            reasons=dict(reasons[case.id]),
            signals=dict(signals[case.id]),
            worst_signal=worst.get(case.id, 0),
            opened_at=case.opened_at,
            due_at=case.due_at,
            is_overdue=case.due_at < now and case.decided_at is None,
            is_mine=policy.holds(case, person, now=now),
            claimer_id=case.claimed_by_id if case.lease_until and now < case.lease_until else None,
            lease_until=case.lease_until,
            handed_to_id=case.handed_to_id,
            for_leads=case.for_leads,
            interim_until=case.interim_until,
            may_claim=claims and policy.may_claim(case, person, now=now),
        )
        for case in found
    ]


def _about(case: Case, speakers: dict[tuple[UUID, UUID], names.Speaker]) -> str:
    if case.subject_id is None:
        return names.ORGANISATION
    return str(speakers.get((case.conversation_id, case.subject_id), "deelnemer"))


def _counted(counts: Iterable[tuple[Any, ...]]) -> dict[UUID, Counter[str]]:
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for case_id, code, number in counts:
        found[case_id][code] = number
    return found
