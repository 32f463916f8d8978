"""Whole calendars: the feed of a person, and the file of one meeting."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vDDDTypes, vRecur

from meetings.calendar import words
from meetings.calendar.events import events
from meetings.calendar.planned import Planned
from meetings.calendar.zones import time_zone

REFRESHED = timedelta(hours=6)


def feed(meetings: Iterable[Planned], *, language: str, details: bool, now: datetime) -> bytes:
    """Everything that somebody said yes to. The same meetings give the same bytes, whatever process writes them and when this year."""
    until = horizon(now)
    in_order = sorted(meetings, key=lambda one: one.id)
    made = [event for one in in_order for event in events(one, language=language, details=details, until=until)]
    calendar = blank()
    calendar.add("x-wr-calname", words.ALL[language])
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return written(calendar, made, until=until)


def file(planned: Planned, *, language: str, now: datetime) -> bytes:
    """One meeting, whatever was answered to it, with its place: who takes it home wants to know where to be."""
    until = horizon(now)
    return written(blank(), events(planned, language=language, details=True, until=until, invites=True), until=until)


def horizon(now: datetime) -> datetime:
    """How far ahead the dates of a series are looked at: one to two years, to the same day all year long."""
    return datetime(now.astimezone(UTC).year + 2, 1, 1, tzinfo=UTC)


def blank() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//maatje//calendar//EN")
    calendar.add("version", "2.0")
    return calendar


def written(calendar: Calendar, made: Sequence[Event], *, until: datetime) -> bytes:
    """The calendar with these events and the time zones that they name."""
    for name, (first, last) in sorted(_spans(made, until.date()).items()):
        calendar.add_component(time_zone(name, first=first, last=last))
    for event in made:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _spans(made: Sequence[Event], until: date) -> dict[str, tuple[date, date]]:
    """From when to when each time zone that is named matters: a series with an end needs no years after it."""
    spans: dict[str, tuple[date, date]] = {}
    for event in made:
        for line in (event.get("DTSTART"), event.get("RECURRENCE-ID")):
            if isinstance(line, vDDDTypes) and isinstance(line.dt, datetime) and (name := line.params.get("TZID")):
                day = line.dt.date()
                first, last = spans.get(name, (day, day))
                spans[name] = min(first, day), max(last, _last_day(event, day, until))
    return {name: (first, last + timedelta(days=1)) for name, (first, last) in spans.items()}


def _last_day(event: Event, day: date, until: date) -> date:
    rule = event.get("RRULE")
    if not isinstance(rule, vRecur):
        return day
    ends: list[datetime] = rule.get("UNTIL", [])
    return max(day, min([until, *(end.date() for end in ends)]))
