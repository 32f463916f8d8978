"""What people are called in a case: by their part in the circle and a number, until somebody has a reason to know more."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Person
from chat.models import ConversationMember
from programmes.models import MemberRole

ORGANISATION = "de organisatie"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A member as the staff know them: "buddy 2"."""

    number: int
    role: str

    def __str__(self) -> str:
        return f"{MemberRole(self.role).label if self.role in MemberRole.values else 'deelnemer'} {self.number}"


def speakers_in(conversation_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Speaker]:
    """Everybody who is or was in these conversations, by conversation and person; one who came back has their newest number."""
    rows = ConversationMember.objects.filter(conversation_id__in=set(conversation_ids)).order_by("number")
    columns = ("conversation_id", "person_id", "number", "role")
    return {(place, person): Speaker(number, role) for place, person, number, role in rows.values_list(*columns)}


def first_name(person: Person) -> str:
    """As little of a name as serves; empty once the person is erased."""
    return (person.name.split() or [""])[0]
