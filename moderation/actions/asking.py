"""Whoever answers for a circle hears what was decided about it, and says that they saw it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from audit import actions as audit
from core import facts
from moderation import policy, roster
from moderation.errors import TaskNotFound
from moderation.facts import StaffCalled
from moderation.models import CircleTask, Decision
from moderation.permissions import Permission
from moderation.words import AskedOfCircle, DecisionKind

ASKS: dict[DecisionKind, AskedOfCircle] = {
    DecisionKind.NOTE: AskedOfCircle.TALK,
    DecisionKind.PAUSE_CIRCLE: AskedOfCircle.PAUSED,
    DecisionKind.PART_WAYS: AskedOfCircle.PARTED,
    DecisionKind.SUSPEND: AskedOfCircle.SHUT_OUT,
    DecisionKind.BAN: AskedOfCircle.SHUT_OUT,
}


def of_decision(decision: Decision, *, now: datetime) -> None:
    """What a decision that is in force now asks, if it touches the circle. Within the transaction of the decision."""
    if what := ASKS.get(DecisionKind(decision.kind)):
        _ask(decision, what, now=now)


def of_undoing(decision: Decision, *, now: datetime) -> None:
    """A circle that ended does not begin again by itself: its coordinator hears that the parting was wrong."""
    if decision.kind == DecisionKind.PART_WAYS:
        _ask(decision, AskedOfCircle.UNDONE, now=now)


def seen(task_id: UUID, *, by: Person, now: datetime) -> CircleTask:
    """Take it off the page and out of the notices. Again changes nothing. :raises Forbidden: :raises TaskNotFound: also of another circle."""
    policy.ensure_may(by, Permission.SEE_CIRCLES)
    with transaction.atomic():
        found = CircleTask.objects.of(by).select_for_update(of=("self",), no_key=True).filter(id=task_id).first()
        if found is None:
            raise TaskNotFound
        if found.seen_at is None:
            found.seen_at, found.seen_by = now, by
            found.save(update_fields=["seen_at", "seen_by"])
            detail = {"decision": str(found.decision_id), "what": found.what}
            audit.write(action="circle.decision_seen", by=by.id, subject=f"circle:{found.circle_id}", detail=detail, now=now)
    return found


def _ask(decision: Decision, what: AskedOfCircle, *, now: datetime) -> None:
    circle = decision.case.circle
    made = CircleTask.objects.create(circle=circle, decision=decision, what=what, at=now)
    people = [person_id for person_id in (circle.coordinator_id, circle.deputy_id) if person_id and roster.is_present(person_id)]
    if people:
        facts.record(StaffCalled(tuple(people), what="circle", subject_id=made.id, is_urgent=False))
