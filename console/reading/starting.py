"""What the first page says of now, for each what concerns them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import Person, Role
from console.reading import appeals
from moderation.actions import welfare
from moderation.models import Exposure, Shift
from moderation.permissions import Permission, permissions_of
from moderation.reading import asked, queue
from moderation.reading.workload import Waiting, waiting
from moderation.roster import staff_of
from programmes.models import OrganisationMember


@dataclass(frozen=True, slots=True)
class Count:
    """How many wait, and how many of them too long."""

    all: int = 0
    late: int = 0


NOTHING = Count()


@dataclass(frozen=True, slots=True)
class Now:
    """`mine`: what somebody holds or was given. `talks`: colleagues who asked a lead for a talk and were not yet seen to.

    `asked`: questions of members that nobody took up, or that one took up oneself. `tasks`: what was decided in one's circles.
    `is_unstaffed`: nobody stands in the roster, told to who keeps it.
    """

    waiting: list[Waiting] = field(default_factory=list)
    mine: list[queue.QueueRow] = field(default_factory=list)
    talks: list[Person] = field(default_factory=list)
    is_asked: bool = False
    asked: Count = NOTHING
    tasks: int = 0
    appeals: Count = NOTHING
    is_unstaffed: bool = False


def now_of(person: Person, *, now: datetime) -> Now:
    held = permissions_of(person)
    organisation_ids = list(OrganisationMember.objects.of(person.id).values_list("organisation_id", flat=True))
    sees_queue, keeps_roster = Permission.SEE_QUEUE in held, Permission.CHANGE_ROSTER in held
    return Now(
        waiting=[one for one in waiting(now=now, organisation_ids=organisation_ids) if one.open] if sees_queue else [],
        mine=queue.rows(person, mine=True, now=now) if sees_queue else [],
        talks=_talks(organisation_ids) if sees_queue and keeps_roster else [],
        is_asked=welfare.is_to_be_asked(person, now=now),
        asked=_asked(person, now=now),
        tasks=asked.tasks_of(person).count() if Permission.SEE_CIRCLES in held else 0,
        appeals=_appeals(person, now=now) if Permission.DECIDE_APPEAL in held else NOTHING,
        is_unstaffed=keeps_roster and not Shift.objects.filter(organisation_id__in=organisation_ids).exists(),
    )


def _asked(person: Person, *, now: datetime) -> Count:
    """None for who answers no questions."""
    found = asked.escalations_of(person).open().filter(Q(acknowledged_at=None) | Q(acknowledged_by=person))
    return Count(found.count(), found.filter(acknowledged_at=None, due_at__lt=now).count())


def _appeals(person: Person, *, now: datetime) -> Count:
    """Those that they may decide, and that no colleague holds."""
    found = [one for one in appeals.rows(person, now=now) if one.is_mine or not one.claimer]
    return Count(len(found), sum(one.due_at < now for one in found))


def _talks(organisation_ids: Iterable[UUID]) -> list[Person]:
    roles = [role for role in Role if role.is_for_staff]
    staff = {one.id for organisation_id in organisation_ids for one in staff_of(organisation_id, *roles)}
    wanting = Exposure.objects.filter(person_id__in=staff, wants_a_talk=True).values_list("person_id", flat=True)
    return list(Person.objects.filter(id__in=set(wanting)).order_by("username"))
