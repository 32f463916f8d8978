"""Days and hours: as people type them on any browser, and as these pages say them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Person
from chat.frames import Meeting, MeetingTime
from meetings.errors import BadTime
from meetings.repeats import last_date, rule_of
from meetings.times import local_of, shown_at

_LONGEST = 20  # characters; what is longer is no day and no hour
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?", re.ASCII)
_HOUR = re.compile(r"(\d{1,2}) ?(?:[:.hu]|uur|heures?)? ?(\d{2})?(?::\d{2}(?:\.\d+)?)?", re.ASCII | re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


# As they are typed.


def day_typed(text: str, *, today: date) -> date:
    """`2026-11-25`, as browsers with a calendar send it, or `25/11/2026`, `25.11.26` or `25/11`, the first to come. :raises BadTime:"""
    clean = _clean(text)
    if found := _YEAR_FIRST.fullmatch(clean):
        return _day(*(int(part) for part in found.groups()))
    if (found := _DAY_FIRST.fullmatch(clean)) is None:
        raise BadTime
    day, month = int(found[1]), int(found[2])
    if found[3]:
        return _day(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)  # digits of a short year
    this_year = _day(today.year, month, day)
    return this_year if this_year >= today else _day(today.year + 1, month, day)


def hour_typed(text: str) -> time:
    """`14:00`, as browsers with a clock send it, or `14`, `14u`, `14h30`, `14.30`. :raises BadTime:"""
    found = _HOUR.fullmatch(_clean(text))
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else _no_time()
    except ValueError:
        raise BadTime from None


def _clean(text: str) -> str:
    """In the digits that Python reads: an Arabic keyboard writes others, and marks that nobody sees."""
    if len(text) > _LONGEST:
        raise BadTime
    shown = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in shown).strip()


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadTime from None


def _no_time() -> time:
    raise BadTime


# As they are said.


def weekday(day: date, words: Mapping[str, Any]) -> str:
    return str(words["meet"]["days"][_DAYS[day.weekday()]])


def said_day(day: date, words: Mapping[str, Any], *, today: date) -> str:
    """`woensdag 25/11`; with the year when it is another one."""
    return f"{weekday(day, words)} {short_day(day, today=today)}"


def short_day(day: date, *, today: date) -> str:
    return f"{day.day}/{day.month}" + ("" if day.year == today.year else f"/{day.year}")


def said_time(moment: MeetingTime, words: Mapping[str, Any], *, today: date) -> str:
    """A time as the clock of the meeting shows it."""
    local = local_of(moment.start)
    return f"{said_day(local.date(), words, today=today)}{words['meet']['comma']} {local:%H:%M}"


def said_series(meeting: Meeting, words: Mapping[str, Any], *, today: date) -> str:
    """`elke woensdag, 14:00, vanaf 25/11`, and until when, if that is known."""
    meet, rule, local = words["meet"], rule_of(meeting.repeat), local_of(meeting.times[0].start)
    how_often = meet["weekly" if rule.every == 1 else "fortnightly"].replace("{}", weekday(local.date(), words))
    parts = [how_often, f"{local:%H:%M}"]
    if local.date() > today:
        parts.append(meet["from"].replace("{}", short_day(local.date(), today=today)))
    if (last := last_date(local.date(), rule)) is not None:
        parts.append(meet["until"].replace("{}", short_day(last, today=today)))
    return f"{meet['comma']} ".join(parts)


def said_when(meeting: Meeting, words: Mapping[str, Any], *, zone: str, now: datetime) -> list[str]:
    """When, for each of its times; and of which town the clock is, where that is not the person's own."""
    today = today_in(meeting.zone, now)
    said = [said_series(meeting, words, today=today)] if meeting.repeat else [said_time(one, words, today=today) for one in meeting.times]
    return said if meeting.zone == zone else [f"{one} ({said_zone(meeting.zone, words)})" for one in said]


def said_zone(zone: str, words: Mapping[str, Any]) -> str:
    return str(words["meet"]["clock_of"]).replace("{}", zone.rpartition("/")[2].replace("_", " "))


def today_in(zone: str, now: datetime) -> date:
    """What day it is there."""
    return shown_at(now, zone).date()


def instant_of(at: datetime, person: Person) -> str:
    """Day and hour on this person's clock."""
    local = at.astimezone(ZoneInfo(person.zone))
    return f"{local.day}/{local.month} {local:%H:%M}"
