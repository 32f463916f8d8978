"""When a meeting takes place, and when it does not, and why. Reminders, calendars and pages all ask here."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import UnsetType

from chat.frames import DateChange, Meeting, MeetingTime
from meetings.dates import Answers, answers_on, first_day, planned_on
from meetings.holidays import is_holiday
from meetings.repeats import dates, rule_of
from meetings.states import ENOUGH
from meetings.times import shown_at

WhyNot = Literal["", "cancelled", "holiday", "away", "unanswered", "declined"]
Away = Mapping[int, Sequence[tuple[dt.date, dt.date]]]  # first and last day, by member's number
_MOST_SHIFT = 2  # days: no clock is further from UTC, nor skips more at once


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of a meeting. `date` names it in a series; `yes` are those who come, so without who is away then."""

    date: str | None
    time: MeetingTime
    zone: str
    yes: frozenset[int]
    no: frozenset[int]
    goes_ahead: bool
    why_not: WhyNot


def occurrences(meeting: Meeting, *, start: dt.datetime, end: dt.datetime, away: Away | None = None) -> list[Occurrence]:
    """What begins from `start` until before `end`, by instant; every proposed time of a meeting that was not agreed yet."""
    found = _of_series(meeting, start, end, away or {}) if meeting.repeat else _of_one(meeting)
    return sorted((one for one in found if start <= one.time.at < end), key=lambda one: (one.time.at, one.date or ""))


def _of_one(meeting: Meeting) -> Iterator[Occurrence]:
    why_not: dict[str, WhyNot] = {"agreed": "", "proposed": "unanswered", "declined": "declined", "cancelled": "cancelled"}
    for time in meeting.times:
        yield _occurrence(meeting, None, time, Answers(meeting.yes, meeting.no), why_not[meeting.state])


def _of_series(meeting: Meeting, start: dt.datetime, end: dt.datetime, away: Away) -> Iterator[Occurrence]:
    changes = {change.date: change for change in meeting.changes}
    for day in dates(first_day(meeting), rule_of(meeting.repeat), _shifted(start, -_MOST_SHIFT), _shifted(end, _MOST_SHIFT)):
        name = day.isoformat()
        if name not in changes:
            yield _of_date(meeting, DateChange(date=name), away)
    for change in meeting.changes:  # a moved date may come from anywhere
        yield _of_date(meeting, change, away)


def _of_date(meeting: Meeting, change: DateChange, away: Away) -> Occurrence:
    is_moved = not isinstance(change.time, UnsetType)
    time = planned_on(meeting, change.date) if isinstance(change.time, UnsetType) else change.time
    said = answers_on(meeting, change)
    day = shown_at(time.at, meeting.zone).date()
    coming = Answers([one for one in said.yes if not _is_away(day, away.get(one, ()))], said.no)
    skips_holiday = not is_moved and not meeting.on_holidays and is_holiday(day, meeting.zone)
    return _occurrence(meeting, change.date, time, coming, _why_not(meeting, change, said, coming, skips_holiday=skips_holiday))


def _why_not(meeting: Meeting, change: DateChange, said: Answers, coming: Answers, *, skips_holiday: bool) -> WhyNot:
    if change.cancelled or meeting.state == "cancelled":
        return "cancelled"
    if skips_holiday:
        return "holiday"
    if len(coming.yes) >= ENOUGH:
        return ""
    if len(said.yes) >= ENOUGH:
        return "away"
    if meeting.state == "proposed":  # there are others who may still say yes
        return "unanswered"
    willing = {*meeting.yes, *said.yes} - set(said.no)
    return "declined" if len(willing) < ENOUGH else "unanswered"


def _shifted(instant: dt.datetime, days: int) -> dt.date:
    """Some days away from an instant, or where the calendar ends."""
    return dt.date.fromordinal(min(max(1, instant.toordinal() + days), dt.date.max.toordinal() - 366))


def _is_away(day: dt.date, absences: Sequence[tuple[dt.date, dt.date]]) -> bool:
    return any(first <= day <= last for first, last in absences)


def _occurrence(meeting: Meeting, date: str | None, time: MeetingTime, said: Answers, why_not: WhyNot) -> Occurrence:
    return Occurrence(
        date=date,
        time=time,
        zone=meeting.zone,
        yes=frozenset(said.yes),
        no=frozenset(said.no),
        goes_ahead=why_not == "",
        why_not=why_not,
    )
