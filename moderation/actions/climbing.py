"""Who has an escalation, and who gets it next: coordinator, deputy, lead, administrator, each in the place of who is away."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Person, Role
from audit import actions as audit
from core import facts
from moderation import deadlines, roster
from moderation.facts import EscalationChanged, StaffCalled
from moderation.models import Escalation
from moderation.permissions import Permission, may
from moderation.words import Urgency
from programmes.models import Circle

COORDINATOR, DEPUTY, LEAD, ADMINISTRATOR = STEPS = range(4)
AGAIN = timedelta(days=1)  # the last in the line is called every day until somebody answers


def assign(escalation: Escalation, *, from_step: int, now: datetime) -> None:
    """Give it to the first from that step on who is there; the caller saves. To nobody, where there is nobody."""
    for step in range(from_step, ADMINISTRATOR + 1):
        person_id = _holder(escalation.circle, step, now=now)
        if person_id is not None:
            escalation.step, escalation.assigned_to_id = step, person_id
            return
    escalation.step, escalation.assigned_to_id = ADMINISTRATOR, None


def call(escalation: Escalation) -> None:
    """Tell who has it."""
    if escalation.assigned_to_id is not None:
        is_urgent = escalation.urgency == Urgency.TODAY
        facts.record(StaffCalled((escalation.assigned_to_id,), what="escalation", subject_id=escalation.id, is_urgent=is_urgent))


def climb_due(*, now: datetime) -> int:
    """Call again who has it, half way; hand it up when its time is over. How many moved or rang."""
    waiting = Escalation.objects.unanswered().filter(at__lte=now).values_list("id", flat=True)
    return sum(_look_at(escalation_id, now=now) for escalation_id in list(waiting))


def _look_at(escalation_id: UUID, *, now: datetime) -> bool:
    with transaction.atomic():
        found = Escalation.objects.select_related("circle__programme__organisation").locked().unanswered().filter(id=escalation_id).first()
        if found is None:
            return False
        if now >= found.due_at:
            _hand_up(found, now=now)
        elif found.paged_at is None and now >= deadlines.half_way(found.at, found.due_at):
            found.paged_at = now
            found.save(update_fields=["paged_at"])
            call(found)
        else:
            return False
    return True


def _hand_up(escalation: Escalation, *, now: datetime) -> None:
    before = escalation.step
    window = AGAIN if before == ADMINISTRATOR else deadlines.further_up(escalation.at, escalation.due_at)
    assign(escalation, from_step=min(before + 1, ADMINISTRATOR), now=now)
    escalation.due_at = now + min(window, AGAIN)
    escalation.paged_at = now  # who gets it is called now
    escalation.version += 1
    escalation.save()
    call(escalation)
    detail = {"from_step": before, "step": escalation.step}
    audit.write(action="escalation.handed_up", by=None, subject=f"escalation:{escalation.id}", detail=detail, now=now)
    facts.record(EscalationChanged(escalation.id))


def _holder(circle: Circle, step: int, *, now: datetime) -> UUID | None:
    organisation = circle.programme.organisation
    zone = ZoneInfo(organisation.zone)
    match step:
        case 0:
            named = [circle.coordinator_id]
        case 1:
            named = [circle.deputy_id]
        case 2:
            named = list(roster.staff_of(organisation.id, Role.LEAD).values_list("id", flat=True))
            on_duty = roster.on_duty(organisation.id, now=now)
            named.sort(key=lambda one: (one not in on_duty.at_work, one not in on_duty.on_call))
        case _:
            named = list(roster.administrators(organisation.id).values_list("id", flat=True))
    there = (roster.stand_in_for(one, now=now, zone=zone) for one in named if one)
    return next((one for one in there if one is not None and _can_take_it(one, step)), None)


def _can_take_it(person_id: UUID, step: int) -> bool:
    """A stand-in of a role that answers no questions is passed over; administrators answer none, and find somebody who does."""
    if step == ADMINISTRATOR:
        return roster.is_present(person_id)
    return may(Person.objects.get(id=person_id), Permission.ANSWER_ESCALATION)
