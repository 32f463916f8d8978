"""Deadlines of cases and appeals: half way who is on duty is called, after the end it goes up by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import Role
from audit import actions as audit
from core import facts
from moderation import deadlines, roster
from moderation.actions import appealing
from moderation.facts import CaseChanged, StaffCalled
from moderation.models import Appeal, Case
from moderation.states import UNDECIDED
from moderation.words import Priority

ROLES = ((Role.MODERATOR, Role.LEAD), (Role.LEAD,), (Role.ADMINISTRATOR,))  # who is called at each step up, beside who is on duty
LAST_STEP = len(ROLES)
AGAIN = timedelta(days=1)
RINGS_AGAIN = timedelta(hours=1)  # thirty lines of somebody in a crisis are one call, and thirty cases in the queue


def call_for_new(case: Case, *, now: datetime) -> None:
    """Danger rings at once, once an hour for each writer; whatever is less urgent waits for half its time."""
    same = Case.objects.filter(conversation_id=case.conversation_id, subject_id=case.subject_id, priority=Priority.DANGER)
    rang = same.filter(opened_at__gt=now - RINGS_AGAIN, opened_at__lt=now, state__in=UNDECIDED).exclude(id=case.id)
    if case.priority == Priority.DANGER and not rang.exists():
        _call(_on_duty(case, now=now) or _of_step(case, 0), case, is_urgent=True)


def look_at_deadlines(*, now: datetime) -> int:
    """Call and hand up what is due for it; how many cases and appeals that were."""
    looked = 0
    open_cases = Case.objects.open().filter(state__in=UNDECIDED, decided_at=None)
    half_over = Q(paged_at=None, opened_at__lt=now)
    for case_id in list(open_cases.filter(half_over | Q(due_at__lte=now, hand_ups__lte=LAST_STEP)).values_list("id", flat=True)):
        looked += _look_at_case(case_id, now=now)
    for appeal_id in list(Appeal.objects.filter(outcome="").values_list("id", flat=True)):
        looked += _look_at_appeal(appeal_id, now=now)
    return looked


def steps_over(case: Case, *, now: datetime) -> int:
    """How many steps up a case should have gone by now: one when it is due, another after each half of its first time."""
    if now < case.due_at:
        return 0
    window = deadlines.further_up(case.opened_at, case.due_at)
    return min(LAST_STEP, 1 + int((now - case.due_at) / window))


def _look_at_case(case_id: UUID, *, now: datetime) -> bool:
    with transaction.atomic():
        case = Case.objects.select_related("circle").locked().filter(id=case_id, state__in=UNDECIDED).first()
        if case is None:
            return False
        steps = steps_over(case, now=now)
        if steps > case.hand_ups:
            _hand_up(case, steps, now=now)
        elif case.paged_at is None and now >= deadlines.half_way(case.opened_at, case.due_at):
            case.paged_at = now
            case.save(update_fields=["paged_at"])
            _call(_on_duty(case, now=now) or _of_step(case, 0), case, is_urgent=case.priority <= Priority.SAFEGUARDING)
            audit.write(action="case.called", by=None, subject=f"case:{case.id}", detail={"step": 0}, now=now)
        else:
            return False
    return True


def _hand_up(case: Case, steps: int, *, now: datetime) -> None:
    """All who come into question at that step hear of it; a claim of somebody who does not finish stays until it lapses."""
    case.hand_ups = steps
    case.paged_at = case.paged_at or now
    case.changed_at = now  # its version stays: whoever holds it decides on what they see
    case.save(update_fields=["hand_ups", "paged_at", "changed_at"])
    people = _of_step(case, steps - 1)
    _call([*_on_duty(case, now=now), *people], case, is_urgent=case.priority <= Priority.SAFEGUARDING)
    audit.write(action="case.handed_up", by=None, subject=f"case:{case.id}", detail={"step": steps}, now=now)
    facts.record(CaseChanged(case.id))


def _look_at_appeal(appeal_id: UUID, *, now: datetime) -> bool:
    """Reviewers half way, leads too when it is due; each once a day from then on."""
    with transaction.atomic():
        appeal = Appeal.objects.select_related("decision__case").select_for_update(of=("self",)).filter(id=appeal_id, outcome="").first()
        if appeal is None or now < deadlines.half_way(appeal.at, appeal.due_at):
            return False
        if appeal.called_at is not None and (now < appeal.due_at or now < appeal.called_at + AGAIN):
            return False
        case = appeal.decision.case
        roles = (Role.REVIEWER, Role.LEAD) if now >= appeal.due_at else (Role.REVIEWER,)
        people = _free_of(appeal, roster.staff_of(case.organisation_id, *roles).values_list("id", flat=True))
        if not people:
            people = list(roster.administrators(case.organisation_id).values_list("id", flat=True))
        appeal.called_at = now
        appeal.save(update_fields=["called_at"])
        facts.record(StaffCalled(tuple(people), what="appeal", subject_id=appeal.id, is_urgent=False))
        audit.write(action="appeal.called", by=None, subject=f"case:{case.id}", detail={"appeal": str(appeal.id)}, now=now)
    return True


def _free_of(appeal: Appeal, people: Iterable[UUID]) -> list[UUID]:
    case = appeal.decision.case
    part = appealing.had_a_part(case)
    return [person_id for person_id in roster.strangers_to(case.circle, people) if person_id not in part]


def _on_duty(case: Case, *, now: datetime) -> list[UUID]:
    """Who is at work, or else on call, and may take a case; who answers for the circle is no judge of it."""
    there = roster.on_duty(case.organisation_id, now=now)
    fit = set(roster.staff_of(case.organisation_id, *ROLES[0]).values_list("id", flat=True))
    at_work, on_call = (
        roster.strangers_to(case.circle, [one for one in people if one in fit]) for people in (there.at_work, there.on_call)
    )
    return at_work or on_call


def _of_step(case: Case, step: int) -> list[UUID]:
    """Everybody with a role of that step; the administrators, where there is nobody."""
    roles = ROLES[min(step, len(ROLES) - 1)]
    if Role.ADMINISTRATOR not in roles:
        people = roster.strangers_to(case.circle, roster.staff_of(case.organisation_id, *roles).values_list("id", flat=True))
        if people:
            return people
    return list(roster.administrators(case.organisation_id).values_list("id", flat=True))


def _call(people: Iterable[UUID], case: Case, *, is_urgent: bool) -> None:
    if called := tuple(dict.fromkeys(people)):
        facts.record(StaffCalled(called, what="case", subject_id=case.id, is_urgent=is_urgent))
