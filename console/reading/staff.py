"""The staff of somebody's organisation, their shifts and absences, for the pages that show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounts.models import Person, Role
from core.errors import NotFound
from moderation.models import Absence, Shift
from moderation.roster import OnDuty
from notifications.reading.unreached import without_any_way
from programmes.models import Organisation, OrganisationMember

STAFF = [role for role in Role if role.is_for_staff]
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week with its shifts."""

    name: str
    shifts: list[Shift]


def organisation_of(person: Person) -> Organisation:
    """The one that somebody works for; of several, the first. :raises NotFound: of none"""
    belongs = OrganisationMember.objects.of(person.id).select_related("organisation").order_by("since", "id").first()
    if belongs is None:
        raise NotFound
    return belongs.organisation


def colleagues_of(organisation: Organisation) -> list[Person]:
    """Everybody of its staff who is present, by name of their account."""
    belongs = OrganisationMember.objects.filter(organisation=organisation).values("person_id")
    people = Person.objects.filter(id__in=belongs, role__in=STAFF, is_active=True, suspended_at=None, erased_at=None)
    return list(people.order_by("username"))


def account_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Under which account each of these signs in; only staff have one, members stay numbers."""
    known = {one for one in ids if one is not None}
    return {person.id: person.get_username() for person in Person.objects.filter(id__in=known, is_staff=True)}


def named(colleagues: Iterable[Person], there: OnDuty) -> dict[str, list[str]]:
    """The account names of who is at work, and of who answers the telephone."""
    names = {person.id: person.get_username() for person in colleagues}
    return {"at_work": _known(names, there.at_work), "on_call": _known(names, there.on_call)}


def week_of(organisation: Organisation) -> list[Day]:
    """From Monday on; days without anybody too."""
    shifts = list(Shift.objects.filter(organisation=organisation).select_related("person"))
    return [Day(name, [shift for shift in shifts if shift.weekday == weekday]) for weekday, name in enumerate(DAYS)]


def uncallable_in(week: Iterable[Day]) -> list[str]:
    """The account names of those in the roster whom no call would reach: danger would ring nowhere."""
    names = {shift.person_id: shift.person.get_username() for day in week for shift in day.shifts}
    return sorted(names[one] for one in without_any_way(names))


def absences_of(organisation: Organisation, *, today: date) -> list[Absence]:
    """Those that are not over."""
    belongs = OrganisationMember.objects.filter(organisation=organisation).values("person_id")
    return list(Absence.objects.filter(person_id__in=belongs, last_date__gte=today).select_related("person", "stand_in"))


def choices(colleagues: Iterable[Person]) -> list[tuple[Any, str]]:
    """For a form."""
    return [(person.id, f"{person.get_username()} ({person.get_role_display()})") for person in colleagues]


def _known(names: dict[UUID, str], ids: Iterable[UUID]) -> list[str]:
    return [names[one] for one in ids if one in names]
