"""What is planned for somebody, date by date: what is to come, and what was lately, to say whether it took place."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Person
from chat import frames
from meetings.advice import TRAVEL_MINUTES, warnings
from meetings.calendar.planned import Planned
from meetings.models import Report
from meetings.occurrences import Occurrence, occurrences
from meetings.reading.calendar import planned
from meetings.times import LONGEST, end_of

AHEAD, BACK = timedelta(days=60), timedelta(days=14)
MOST_SHOWN = 200  # dates
NEAR = timedelta(minutes=LONGEST + TRAVEL_MINUTES)  # nothing that begins before, or after, can be in the way


@dataclass(frozen=True, slots=True)
class Item:
    """One date of one meeting. `you` is this person's own answer: `yes`, `no` or `asked`; `took_place` what they said afterwards."""

    conversation: UUID
    meeting: frames.Meeting
    occurrence: Occurrence
    you: str
    warnings: Sequence[str]
    took_place: bool | None

    def asks_held(self, *, now: datetime) -> bool:
        """Whether it is time to ask if it took place."""
        return self.occurrence.goes_ahead and self.you == "yes" and self.took_place is None and end_of(self.occurrence.time) <= now


def agenda(person: Person, *, now: datetime, conversation_id: UUID | None = None) -> list[Item]:
    """What begins within 60 days, and what began within the last 14; soonest first. Cancelled ones are left out."""
    mine = [one for one in planned(person.id, now=now) if one.meeting.state != "cancelled"]
    found = [(one, date) for one in mine for date in occurrences(one.meeting, start=now - BACK, end=now + AHEAD, away=one.away)]
    shown = [
        (one, date)
        for one, date in found
        if date.why_not not in {"cancelled", "declined"} and conversation_id in {None, one.conversation_id}
    ]
    soonest = sorted(shown, key=lambda item: item[1].time.at)[:MOST_SHOWN]
    said, busy, quiet = _said(person.id, [one.id for one in mine]), _Busy(found), quiet_of(person)
    return [_item(one, date, said=said, busy=busy.beside(one, date), zone=person.zone, quiet=quiet) for one, date in soonest]


def quiet_of(person: Person) -> tuple[time, time]:
    """The hours in which they want to be left alone, on their own clock; they choose them in an app above this one (`MEETINGS_QUIET`)."""
    return _quiet()(person)


class _Busy:
    """When somebody has something to come, by the hour it begins."""

    def __init__(self, found: Sequence[tuple[Planned, Occurrence]]) -> None:
        taken = [
            (date.time.at, end_of(date.time), one.id)
            for one, date in found
            if one.number in date.yes and date.why_not in {"", "unanswered"}
        ]
        self._taken = sorted(taken, key=lambda other: other[0])
        self._starts = [start for start, _, _ in self._taken]

    def beside(self, one: Planned, date: Occurrence) -> list[tuple[datetime, datetime]]:
        """What of other meetings is so near that it could be in the way."""
        first = bisect_left(self._starts, date.time.at - NEAR)
        last = bisect_right(self._starts, end_of(date.time) + NEAR)
        return [(start, end) for start, end, id_ in self._taken[first:last] if id_ != one.id]


def times_taken(person: Person, *, now: datetime, but: tuple[UUID, int] | None = None) -> list[tuple[datetime, datetime]]:
    """When this person has something to come, for warnings about other times. `but`: the conversation and number of one that moves."""
    mine = [one for one in planned(person.id, now=now) if one.meeting.state != "cancelled"]
    dates = [
        date
        for one in mine
        for date in occurrences(one.meeting, start=now - BACK, end=now + AHEAD, away=one.away)
        if one.number in date.yes and (one.conversation_id, one.meeting.number) != but
    ]
    return [(date.time.at, end_of(date.time)) for date in dates if date.why_not in {"", "unanswered"}]


class _Quiet(Protocol):
    def __call__(self, person: Person, /) -> tuple[time, time]: ...


@cache
def _quiet() -> _Quiet:
    found: _Quiet = import_string(settings.MEETINGS_QUIET)
    return found


def _item(
    one: Planned,
    date: Occurrence,
    *,
    said: Mapping[tuple[UUID, str], bool],
    busy: Sequence[tuple[datetime, datetime]],
    zone: str,
    quiet: tuple[time, time],
) -> Item:
    advice = warnings(date.time, zone, own=busy, quiet=quiet, away=one.away.get(one.number, ()))
    return Item(one.conversation_id, one.meeting, date, _answer(one, date), advice, said.get((one.id, date.date or "")))


def _answer(one: Planned, date: Occurrence) -> str:
    """What this person said; whoever is away on that date has not taken back their yes."""
    is_away = date.why_not == "away" and one.number in one.meeting.yes
    if one.number in date.no:
        return "no"
    return "yes" if one.number in date.yes or is_away else "asked"


def _said(person_id: UUID, meeting_ids: Sequence[UUID]) -> dict[tuple[UUID, str], bool]:
    reports = Report.objects.filter(person_id=person_id, meeting_id__in=meeting_ids)
    return {(meeting_id, date): took_place for meeting_id, date, took_place in reports.values_list("meeting_id", "date", "took_place")}
