"""The life of a circle, from a proposal to its end. Repeating what was done already changes nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from core import facts
from core.errors import Forbidden
from core.facts import Fact
from programmes import policy
from programmes.actions.changing import lock_for, lock_for_coordinator, move, present_members, write_audit
from programmes.errors import CircleFull, MembersUnfit
from programmes.facts import CircleEnded, CircleIntroduced, CirclePaused, CircleResumed, CoordinatorsChanged
from programmes.models import Circle, CircleKind, CircleMember, EndReason, Programme, State
from programmes.policy import Invited
from programmes.states import Action


def propose(
    *,
    programme: Programme,
    kind: CircleKind,
    members: Sequence[Invited],
    coordinator: Person,
    deputy: Person | None,
    by: Person | None,
    now: datetime,
) -> Circle:
    """Bring people together on paper; nobody is told anything about another until all said yes.

    :raises Forbidden: :raises MembersUnfit: :raises CircleFull: :raises CoordinatorsUnfit:
    """
    if not policy.may_propose(by, coordinator, deputy):
        raise Forbidden
    policy.ensure_can_form(kind, members)
    policy.ensure_belong(programme, *(one.person for one in members), refusal=MembersUnfit(kind=kind.value))
    policy.ensure_coordinators_fit(programme, coordinator, deputy, members=[one.person for one in members])
    if len(members) > (limit := policy.limit_of(programme, kind)):
        raise CircleFull(limit=limit)
    with transaction.atomic():
        circle = Circle.objects.create(programme=programme, kind=kind, coordinator=coordinator, deputy=deputy, proposed_at=now)
        CircleMember.objects.bulk_create(CircleMember(circle=circle, person=one.person, role=one.role, invited_at=now) for one in members)
        write_audit("proposed", circle, by=by, now=now, members=[str(one.person.id) for one in members])
    return circle


def introduce(*, circle: Circle, by: Person | None, now: datetime) -> Circle:
    """Let the members meet: from now on they may talk. :raises Forbidden: :raises NotInThisState:"""
    with transaction.atomic():
        circle = lock_for_coordinator(circle, by=by)
        if circle.state == State.INTRODUCED:
            return circle
        move(circle, Action.INTRODUCE, by=by, now=now)
        members = present_members(circle)
        CircleMember.objects.filter(id__in=[member.id for member in members]).update(joined_at=now)
        facts.record(CircleIntroduced(circle.id, tuple(member.person_id for member in members)))
        write_audit("introduced", circle, by=by, now=now)
    return circle


def start_trial(*, circle: Circle, by: Person | None, now: datetime) -> Circle:
    """:raises Forbidden: :raises NotInThisState:"""
    return _step(circle, Action.START_TRIAL, State.TRIAL, by=by, now=now)


def activate(*, circle: Circle, by: Person | None, now: datetime) -> Circle:
    """End the trial well. :raises Forbidden: :raises NotInThisState: :raises CoordinatorsMissing:"""
    return _step(circle, Action.ACTIVATE, State.ACTIVE, by=by, now=now)


def pause(*, circle: Circle, by: Person | None, for_safety: bool = False, now: datetime) -> Circle:
    """Let a circle rest; its coordinator and deputy may, and each of its members; `for_safety` those who decide in cases.

    A rest that a member began becomes theirs when somebody who answers for the circle, or acts for safety, pauses it too.

    :raises Forbidden: :raises NotInThisState:
    """
    may = policy.may_protect if for_safety else policy.may_pause
    with transaction.atomic():
        paused = _step(circle, Action.PAUSE, State.PAUSED, by=by, now=now, may=may, tell=lambda paused: CirclePaused(paused.id))
        if policy.may_take_over_rest(by, paused, for_safety=for_safety):
            paused.paused_by = by
            paused.save(update_fields=["paused_by"])
            write_audit("pause_taken_over", paused, by=by, now=now)
    return paused


def resume(*, circle: Circle, by: Person | None, for_safety: bool = False, now: datetime) -> Circle:
    """End the rest. :raises Forbidden: for a member who did not begin it. :raises NotInThisState: :raises CoordinatorsMissing:"""
    may = policy.may_protect if for_safety else policy.may_resume
    return _step(circle, Action.RESUME, State.ACTIVE, by=by, now=now, may=may, tell=lambda active: CircleResumed(active.id))


def end(*, circle: Circle, reason: EndReason, by: Person | None, for_safety: bool = False, now: datetime) -> Circle:
    """End a circle: its members may write goodbye until the programme's grace is over, or not at all when it is unsafe.

    A circle that ended for another reason can still be found unsafe; then it closes at once.

    :raises Forbidden: :raises NotInThisState:
    """
    with transaction.atomic():
        circle = lock_for(policy.may_protect if for_safety else policy.may_answer_for, circle, by=by)
        if circle.state == State.ENDED and circle.end_reason == reason:
            return circle
        if circle.state != State.ENDED or reason is not EndReason.SAFETY:
            policy.next_state(circle, Action.END)
        finish(circle, reason=reason, by=by, now=now)
    return circle


def finish(circle: Circle, *, reason: EndReason, by: Person | None, now: datetime) -> None:
    """Write the end of a locked circle; whether it may end was asked before."""
    circle.end_reason = reason
    circle.save(update_fields=[*circle.enter(State.ENDED, by=by, now=now), "end_reason"])
    facts.record(CircleEnded(circle.id, reason.value, circle.closes_at() or now))
    write_audit("ended", circle, by=by, now=now, reason=reason.value)


def set_coordinators(*, circle: Circle, coordinator: Person, deputy: Person, by: Person | None, now: datetime) -> Circle:
    """Name who answers for a circle. :raises Forbidden: :raises CoordinatorsUnfit: :raises NotInThisState:"""
    with transaction.atomic():
        circle = lock_for_coordinator(circle, by=by)
        policy.next_state(circle, Action.SET_COORDINATORS)
        if (circle.coordinator_id, circle.deputy_id) == (coordinator.id, deputy.id):
            return circle
        members = [member.person for member in present_members(circle)]
        policy.ensure_coordinators_fit(circle.programme, coordinator, deputy, members=members)
        former = {circle.coordinator_id, circle.deputy_id} - {coordinator.id, deputy.id, None}
        circle.coordinator, circle.deputy = coordinator, deputy
        circle.save(update_fields=["coordinator", "deputy"])
        facts.record(CoordinatorsChanged(circle.id, tuple(sorted(one for one in former if one))))
        write_audit("coordinators_set", circle, by=by, now=now, coordinator=str(coordinator.id), deputy=str(deputy.id))
    return circle


def _step(
    circle: Circle,
    action: Action,
    goal: State,
    *,
    by: Person | None,
    now: datetime,
    may: Callable[[Person | None, Circle], bool] = policy.may_answer_for,
    tell: Callable[[Circle], Fact] | None = None,
) -> Circle:
    """One step along the table; a circle that is there already stays."""
    with transaction.atomic():
        circle = lock_for(may, circle, by=by)
        if circle.state == goal:
            return circle
        move(circle, action, by=by, now=now)
        if tell is not None:
            facts.record(tell(circle))
        write_audit(action.value, circle, by=by, now=now)
    return circle
