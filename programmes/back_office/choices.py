"""Among whom and what a member of staff can choose."""

from collections import Counter
from collections.abc import Sequence

from accounts.models import Person, Role
from accounts.phones import hint_of
from programmes.models import Circle, CircleMember, Organisation, Programme
from programmes.models.circles import CircleQuerySet

Choice = tuple[str, str]


def organisations_of(by: Person) -> list[Organisation]:
    """An administrator's are all of them."""
    every = Organisation.objects.order_by("name")
    return list(every if by.role == Role.ADMINISTRATOR else every.filter(members__person=by))


def programmes_of(by: Person) -> list[Programme]:
    return list(Programme.objects.filter(organisation__in=organisations_of(by)).select_related("organisation").order_by("name"))


def circles_seen_by(by: Person) -> CircleQuerySet:
    """An administrator sees all circles, a lead those of the organisation, a coordinator those they answer for."""
    circles = CircleQuerySet(Circle)
    if by.role == Role.ADMINISTRATOR:
        return circles
    if by.role == Role.LEAD:
        return circles.filter(programme__organisation__in=organisations_of(by))
    return circles.coordinated_by(by)


def people_of(organisation: Organisation, *roles: Role) -> list[Person]:
    """Those who are there now, by name."""
    everybody = Person.objects.filter(organisation_memberships__organisation=organisation, role__in=roles)
    return sorted((one for one in everybody.select_related("data_key") if one.may_use_the_service()), key=lambda one: one.name.casefold())


def professionals_of(organisation: Organisation) -> list[Person]:
    return people_of(organisation, *(role for role in Role if role.answers_for_circles))


def choices_of(people: Sequence[Person]) -> list[Choice]:
    """Names, and what tells two of one name apart."""
    bearers = Counter(person.name for person in people)
    return [(str(person.id), person.name if bearers[person.name] == 1 else _told_apart(person)) for person in people]


def _told_apart(person: Person) -> str:
    return f"{person.name} ({hint_of(person.phone) or str(person.id)[-4:]})"


def names_of(circle: Circle) -> str:
    """Who is in a circle from `with_people()`."""
    members: list[CircleMember] = circle.present_members  # type: ignore[attr-defined]  # from with_people()
    return ", ".join(member.person.name or "(gewist)" for member in members) or "(niemand)"
