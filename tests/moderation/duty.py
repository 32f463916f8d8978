"""Staff and their shifts, for tests about who is there."""

from datetime import date, datetime, time

from accounts.models import Person
from moderation.models import Absence, Shift
from programmes.models import Organisation
from tests.factories import make_organisation


def make_shift(
    person: Person, *, weekday: int = 0, begins: str = "09:00", ends: str = "17:00", on_call: bool = False, organisation: Organisation | None = None
) -> Shift:
    """Every week on that day; 0 is a Monday."""
    return Shift.objects.create(
        organisation=organisation or make_organisation(),
        person=person,
        weekday=weekday,
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        on_call=on_call,
    )


def make_absence(person: Person, *, on: datetime, stand_in: Person | None = None) -> Absence:
    day: date = on.date()
    return Absence.objects.create(person=person, stand_in=stand_in, first_date=day, last_date=day)
