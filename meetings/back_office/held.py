"""Which dates of a meeting were, and what its members said of each: that it took place, that it did not, or nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from meetings.back_office.opened import LONG_AGO, Opened
from meetings.back_office.words import GONE, TOOK_PLACE
from meetings.dates import has_date, time_on
from meetings.models import Report
from meetings.times import day_of, shown_at

_Said = Mapping[UUID, Report]  # by person


@dataclass(frozen=True, slots=True)
class Said:
    """What one member said; `note_id` when they wrote something to their coordinator."""

    name: str
    took_place: str
    note_id: UUID | None


@dataclass(frozen=True, slots=True)
class HeldDate:
    """One date that was; `day` where the hour is not known any more. With neither, the meeting was moved after it was spoken of."""

    at: datetime | None
    day: date | None
    said: Sequence[Said]


def held(meeting: Opened, reports: Collection[Report], *, now: datetime) -> list[HeldDate]:
    """The dates that were, the newest first; of each those who were to come, and whoever said something, in the order of the circle."""
    were = {one.date or "": one for one in meeting.were(now=now)}
    of_these: dict[str, dict[UUID, Report]] = defaultdict(dict)
    of_others: dict[str, dict[UUID, Report]] = defaultdict(dict)
    for report in reports:
        is_of_this = report.date in were and were[report.date].time.at <= report.at
        (of_these if is_of_this else of_others)[report.date][report.person_id] = report
    dates = [HeldDate(one.time.at, None, _said(meeting, one.yes, of_these[name])) for name, one in were.items()]
    dates += [HeldDate(*_when(meeting, name, about), _said(meeting, (), about)) for name, about in of_others.items()]
    return sorted(dates, key=lambda one: (one.day or _day(meeting, one.at), one.at or LONG_AGO), reverse=True)


def _said(meeting: Opened, expected: Collection[int], said: _Said) -> list[Said]:
    people = {seat.person_id: seat.person for number, seat in meeting.seats.items() if number in expected or seat.person_id in said}
    found = []
    for person in people.values():
        report = said.get(person.id)
        took_place = TOOK_PLACE[report.took_place if report else None]
        found.append(Said(person.name or GONE, took_place, report.id if report and report.note_sealed else None))
    return found


def _when(meeting: Opened, name: str, said: _Said) -> tuple[datetime | None, date | None]:
    """When a date was of which the plan does not say that it went ahead; nothing was said about a time before it came."""
    if not name:
        at = meeting.plan.times[0].at
    elif has_date(meeting.plan, name):
        at = time_on(meeting.plan, name).at
    else:
        at = None
    if at is not None and all(at <= report.at for report in said.values()):
        return at, None
    return None, day_of(name) if name else None


def _day(meeting: Opened, at: datetime | None) -> date:
    return date.min if at is None else shown_at(at, meeting.plan.zone).date()
