"""Meetings for calendars, made by the same acts as everybody's, and what others read in what was written."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import takewhile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import vobject
from icalendar import Calendar

from chat.frames import AskedTime, Meet, Meeting
from meetings import plan
from meetings.calendar.planned import Planned

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ID = UUID("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001")
FATIMA, ANNEMIE, DIRK = 1, 2, 3


def asked(act: Any, **said: Any) -> Meet:
    times = [AskedTime(start=start, minutes=minutes, fold=fold) for start, minutes, fold in map(_time, said.pop("times", []))]
    return Meet(ref=0, conversation=ID, draft_id=ID, act=act, times=times, **said)


def _time(said: Any) -> tuple[str, int, int | None]:
    return (said, 60, None) if isinstance(said, str) else said


def proposed(*times: Any, zone: str = "Europe/Brussels", **said: Any) -> Meeting:
    """Fatima proposes."""
    return plan.propose(asked("propose", times=list(times), **said), number=1, by=FATIMA, zone=zone, now=NOW)


def agreed(*times: Any, zone: str = "Europe/Brussels", **said: Any) -> Meeting:
    """Fatima proposed, Annemie accepted."""
    return after(proposed(*times, zone=zone, **said), ANNEMIE, "accept")


def after(meeting: Meeting, by: int, act: Any, *, present: Sequence[int] = (FATIMA, ANNEMIE), **said: Any) -> Meeting:
    roles = dict.fromkeys(present, "buddy")
    said.setdefault("version", meeting.version)
    is_pair = len(present) == 2
    return plan.act(meeting, asked(act, **said), by=by, present=present, is_pair=is_pair, roles=roles, closes=None, now=NOW)


def planned(meeting: Meeting, **said: Any) -> Planned:
    """For Fatima, unless somebody else is named."""
    facts: dict[str, Any] = {"id": ID, "conversation_id": ID, "sequence": 0, "changed_at": NOW, "number": FATIMA, **said}
    return Planned(meeting=meeting, **facts)


def read_again(text: bytes) -> Calendar:
    return Calendar.from_ical(text)


def read_by_another(text: bytes) -> Any:
    """vobject's reading; it raises at what it does not understand."""
    calendar = vobject.readOne(text.decode())
    for event in calendar.contents.get("vevent", []):
        event.validate(raiseException=True)
    return calendar


def expanded_by_another(text: bytes, *, end: datetime) -> set[tuple[datetime, timedelta]]:
    """What begins before `end`, and how long it takes, as vobject and dateutil expand it (RFC 5545 §3.8.4.4: what is moved replaces its date)."""
    events = [Read(event) for event in read_by_another(text).contents.get("vevent", [])]
    moved = {event.instead_of for event in events}
    dates = {(at, event.takes) for event in events for at in event.dates(end) if event.instead_of or at not in moved}
    return {(at, takes) for at, takes in dates if at < end}


class Read:
    """One VEVENT of vobject, its clock times in the zone that it names."""

    def __init__(self, event: Any) -> None:
        self._event = event
        self._zone = zone_of(event.dtstart)
        self.start = self._instant(event.dtstart.value)
        self.takes = event.duration.value if "duration" in event.contents else event.dtend.value.astimezone(UTC) - self.start
        replaced = event.contents.get("recurrence-id")
        self.instead_of = replaced[0].value.replace(tzinfo=zone_of(replaced[0])).astimezone(UTC) if replaced else None

    def dates(self, end: datetime) -> list[datetime]:
        if "rrule" not in self._event.contents:
            return [self.start]
        return list(takewhile(lambda at: at < end, map(self._instant, self._event.getrruleset())))

    def _instant(self, at: datetime) -> datetime:
        return at.replace(tzinfo=self._zone).astimezone(UTC)  # a skipped time as RFC 5545 §3.3.5 has it; dateutil has it otherwise


def zone_of(line: Any) -> tzinfo:
    named = line.params.get("X-VOBJ-ORIGINAL-TZID")
    return ZoneInfo(named[0]) if named else UTC
