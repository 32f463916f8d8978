"""From a meeting to the VEVENTs that say the same (RFC 5545 §3.6.1)."""

import datetime as dt
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Event

from chat import frames
from meetings import repeats
from meetings.calendar import words
from meetings.calendar.planned import Planned
from meetings.occurrences import Occurrence, occurrences

_STATUS = {"proposed": "TENTATIVE", "agreed": "CONFIRMED", "declined": "CANCELLED", "cancelled": "CANCELLED"}
_LINE_ENDS = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # wherever some reader ends a line, it is a new line of text
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FARTHEST_MOVE = timedelta(days=400)  # as far as a date of a series can have been moved ahead of it


def events(planned: Planned, *, language: str, details: bool, until: datetime, invites: bool = False) -> list[Event]:
    """One VEVENT for each time of a meeting; for a series one, and one more for each date that is at another time.

    What the reader did not say yes to is left out, unless it `invites`. Dates of a series are looked at `until` then.
    """
    if planned.meeting.repeat:
        return _series(planned, language=language, details=details, until=until, invites=invites)
    if not (invites or planned.number in planned.meeting.yes):
        return []
    made = []
    for place, time in enumerate(planned.meeting.times, 1):
        event = _event(planned, language=language, details=details, place=place)
        _at(event, time)
        made.append(event)
    return made


def instant_by_rule(meeting: frames.Meeting, day: str) -> datetime:
    """When the rule of a series puts one of its dates: on the clock of its zone, as DTSTART, EXDATE and RECURRENCE-ID have it."""
    return datetime.combine(date.fromisoformat(day), _clock_time(meeting), ZoneInfo(meeting.zone))


def _series(planned: Planned, *, language: str, details: bool, until: datetime, invites: bool) -> list[Event]:
    meeting = planned.meeting
    first = meeting.times[0]
    whole = _event(planned, language=language, details=details)
    whole.add("dtstart", instant_by_rule(meeting, first.start[:10]))
    whole.add("duration", timedelta(minutes=first.minutes))  # minutes, whatever the clock does meanwhile
    whole.add("rrule", _rule(meeting))
    if _STATUS[meeting.state] == "CANCELLED":
        return [whole] if invites or planned.number in meeting.yes else []
    dates = _dates(planned, until=until)
    shown = [one for one in dates if _goes_on(one, meeting) and _is_theirs(one, planned, invites=invites)]
    if off := [one for one in dates if one not in shown]:
        whole.add("exdate", [instant_by_rule(meeting, _date(one)) for one in off])
    if not (invites or planned.number in meeting.yes):  # they only come on single dates
        return [_elsewhere(planned, one, language=language, details=details) for one in shown]
    moved = [one for one in shown if _is_elsewhere(one, meeting)]
    return [whole, *(_elsewhere(planned, one, language=language, details=details) for one in moved)]


def _dates(planned: Planned, *, until: datetime) -> list[Occurrence]:
    """The dates that the rule puts before `until`, and those that were moved, wherever to."""
    meeting = planned.meeting
    start, end = meeting.times[0].at - _FARTHEST_MOVE, until + _FARTHEST_MOVE
    found = occurrences(meeting, start=start, end=end, away=planned.away)
    return [one for one in found if _is_elsewhere(one, meeting) or one.time.at < until]


def _goes_on(one: Occurrence, meeting: frames.Meeting) -> bool:
    """Whether this date is to be in a calendar: it goes ahead, or only waits for the same answer as its whole series."""
    waits = meeting.state == "proposed" and one.why_not == "unanswered" and not _is_elsewhere(one, meeting)
    return one.goes_ahead or waits


def _is_theirs(one: Occurrence, planned: Planned, *, invites: bool) -> bool:
    said_no = planned.number in one.no and planned.number not in planned.meeting.no
    return planned.number in one.yes or (invites and not said_no)


def _is_elsewhere(one: Occurrence, meeting: frames.Meeting) -> bool:
    """Whether it is at another time than the rule says."""
    by_rule = instant_by_rule(meeting, _date(one)).astimezone(UTC)
    return (one.time.at, one.time.minutes) != (by_rule, meeting.times[0].minutes)


def _elsewhere(planned: Planned, one: Occurrence, *, language: str, details: bool) -> Event:
    event = _event(planned, language=language, details=details)
    event.add("recurrence-id", instant_by_rule(planned.meeting, _date(one)))
    _at(event, one.time)
    return event


def _event(planned: Planned, *, language: str, details: bool, place: int = 1) -> Event:
    """What all of them share; no names in it, and nowhere to go unless details are wanted. `place` counts the times that were proposed."""
    meeting = planned.meeting
    status = _STATUS[meeting.state]
    event = Event()
    event.add("uid", planned.uid(place))
    event.add("dtstamp", planned.changed_at)
    event.add("sequence", planned.sequence)
    event.add("summary", words.summary(language, meeting.purpose, details=details))
    event.add("status", status)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if status == "CONFIRMED" else "TRANSPARENT")
    if details and (meeting.place or meeting.online):
        event.add("location", _plain(meeting.place) or words.ONLINE[language])
    return event


def _at(event: Event, when: frames.MeetingTime) -> None:
    """In UTC: an instant needs no time zone, and those are 500 bytes."""
    start = when.at.astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=when.minutes))


def _rule(meeting: frames.Meeting) -> dict[str, object]:
    """The rule of a series; its last date ends in UTC, because DTSTART has a time zone (RFC 5545 §3.3.10)."""
    rule = repeats.rule_of(meeting.repeat, zone=meeting.zone, clock=_clock_time(meeting))
    parts: dict[str, object] = {"FREQ": "WEEKLY"}
    if rule.every > 1:
        parts["INTERVAL"] = rule.every
    if rule.count is not None:
        parts["COUNT"] = rule.count
    if rule.until is not None:
        parts["UNTIL"] = [datetime.combine(rule.until, dt.time(23, 59, 59), ZoneInfo(meeting.zone)).astimezone(UTC)]
    return parts


def _clock_time(meeting: frames.Meeting) -> dt.time:
    return datetime.fromisoformat(meeting.times[0].start).time()


def _date(one: Occurrence) -> str:
    assert one.date is not None  # every date of a series has one
    return one.date


def _plain(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).strip()
