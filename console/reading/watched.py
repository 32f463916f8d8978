"""What the live pages need beside what they show."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from accounts.models import Person
from console.reading.staff import account_names
from moderation.reading import queue
from programmes.models import OrganisationMember


def stamp_for(person: Person) -> str:
    """What the socket compares with, so that a page that was just made is not asked for twice."""
    return stamp_of(OrganisationMember.objects.of(person.id).values_list("organisation_id", flat=True))


def stamp_of(organisation_ids: Iterable[UUID]) -> str:
    """Another one once anything of these organisations changed; it says nothing about what."""
    return hashlib.sha256(queue.stamp(organisation_ids).encode()).hexdigest()[:16]


def staff_in(rows: Iterable[queue.QueueRow]) -> dict[UUID, str]:
    """The sign-in names of the colleagues in these rows."""
    return account_names(one for row in rows for one in (row.claimer_id, row.handed_to_id))
