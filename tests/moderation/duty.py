"""Staff and their shifts, for tests about who is there."""

from datetime import date, datetime, time, timedelta

from accounts.models import Person
from moderation.models import Absence, Case, Shift
from moderation.words import Priority
from privacy.models import DataKey
from programmes.models import Circle, Organisation
from tests.factories import make_organisation


def make_shift(
    person: Person,
    *,
    weekday: int = 0,
    begins: str = "09:00",
    ends: str = "17:00",
    on_call: bool = False,
    organisation: Organisation | None = None,
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


def put_case(circle: Circle, *, priority: Priority = Priority.SAFEGUARDING, hours: float = 4, now: datetime, **more: object) -> Case:
    """A case as a row, due in so many hours; how one comes about is tested elsewhere."""
    return Case.objects.create(
        organisation=circle.programme.organisation,
        circle=circle,
        conversation=circle.conversation,
        target_seq=Case.objects.count() + 1,
        priority=priority,
        data_key=DataKey.objects.make(now=now),
        opened_at=now,
        changed_at=now,
        due_at=now + timedelta(hours=hours),
        **more,
    )
