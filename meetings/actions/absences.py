"""Days on which somebody meets nobody. Nobody else is told which; dates of a series just do not happen then."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.actions.access import lock_person
from accounts.models import Person
from core import facts
from core.errors import NotFound
from meetings.errors import BadAbsence, TooManyAbsences
from meetings.facts import AwayChanged
from meetings.models import Away, Meeting

MOST_ABSENCES = 30
MOST_DAYS = 366


def add(*, person: Person, first_date: date, last_date: date, now: datetime) -> Away:
    """Be away from one day to another, both included. :raises BadAbsence: :raises TooManyAbsences:"""
    if not 0 <= (last_date - first_date).days < MOST_DAYS or last_date < now.date() or (first_date - now.date()).days > MOST_DAYS:
        raise BadAbsence
    with transaction.atomic():
        lock_person(person)
        mine = Away.objects.filter(person=person)
        if known := mine.filter(first_date=first_date, last_date=last_date).first():
            return known
        if mine.filter(last_date__gte=now.date()).count() >= MOST_ABSENCES:
            raise TooManyAbsences(limit=MOST_ABSENCES)
        away = Away.objects.create(person=person, first_date=first_date, last_date=last_date)
        _let_calendars_know(person.id, now=now)
        facts.record(AwayChanged(person.id))
    return away


def remove(*, person: Person, away_id: UUID, now: datetime) -> None:
    """:raises NotFound: also when it is somebody else's."""
    with transaction.atomic():
        gone, _ = Away.objects.filter(id=away_id, person=person).delete()
        if not gone:
            raise NotFound
        _let_calendars_know(person.id, now=now)
        facts.record(AwayChanged(person.id))


def forget(*, person_id: UUID) -> None:
    """Of who is erased, nothing says when they were away."""
    Away.objects.filter(person_id=person_id).delete()


def _let_calendars_know(person_id: UUID, *, now: datetime) -> None:
    """Their series have other dates left out now, and a calendar believes the higher SEQUENCE (RFC 5546 §2.1.4)."""
    present = {"conversation__members__person_id": person_id, "conversation__members__left_seq": None}
    series = Meeting.objects.open().not_over(now=now).filter(is_series=True, **present).locked()
    Meeting.objects.filter(id__in=list(series.values_list("id", flat=True))).update(sequence=F("sequence") + 1)
