"""What the first page says of now, for each what concerns them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.models import Person, Role
from moderation.actions import welfare
from moderation.models import Exposure
from moderation.permissions import Permission, permissions_of
from moderation.reading import queue
from moderation.reading.workload import Waiting, waiting
from moderation.roster import staff_of
from programmes.models import OrganisationMember


@dataclass(frozen=True, slots=True)
class Now:
    """`mine`: what somebody holds or was given. `talks`: colleagues who asked a lead for a talk and were not yet seen to."""

    waiting: list[Waiting] = field(default_factory=list)
    mine: list[queue.QueueRow] = field(default_factory=list)
    talks: list[Person] = field(default_factory=list)
    is_asked: bool = False


def now_of(person: Person, *, now: datetime) -> Now:
    held = permissions_of(person)
    if Permission.SEE_QUEUE not in held:
        return Now()
    organisation_ids = list(OrganisationMember.objects.of(person.id).values_list("organisation_id", flat=True))
    return Now(
        waiting=[one for one in waiting(now=now, organisation_ids=organisation_ids) if one.open],
        mine=queue.rows(person, mine=True, now=now),
        talks=_talks(organisation_ids) if Permission.CHANGE_ROSTER in held else [],
        is_asked=welfare.is_to_be_asked(person, now=now),
    )


def _talks(organisation_ids: Iterable[UUID]) -> list[Person]:
    roles = [role for role in Role if role.is_for_staff]
    staff = {one.id for organisation_id in organisation_ids for one in staff_of(organisation_id, *roles)}
    wanting = Exposure.objects.filter(person_id__in=staff, wants_a_talk=True).values_list("person_id", flat=True)
    return list(Person.objects.filter(id__in=set(wanting)).order_by("username"))
