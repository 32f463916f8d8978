"""Local time, zone and instant. A time somebody asks for must be on the clock once; a date of a series is put where the clock can show it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import UnsetType, structs

from accounts.zones import clean_zone
from chat.frames import AskedTime, DateChange, Meeting, MeetingTime
from meetings.errors import BadDuration, BadTime, NoSuchDate, TimeDoesNotExist, TimeIsAmbiguous

SHORTEST, LONGEST = 5, 1440  # minutes
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_EDGES = range(2, 9999)  # years whose times are instants in every zone


def local_of(start: str) -> datetime:
    """What a clock shows, without a zone, of the form 2026-11-25T14:00. :raises BadTime:"""
    try:
        local = datetime.fromisoformat(start) if _LOCAL.fullmatch(start) else None
    except ValueError:
        local = None
    # newer Pythons read 24:00 as tomorrow
    if local is None or start_of(local) != start or local.year not in _EDGES:
        raise BadTime
    return local


def start_of(local: datetime) -> str:
    """A local time as the wire has it."""
    return local.isoformat(timespec="minutes")


def day_of(text: str) -> date:
    """A date of the form 2026-11-25. :raises NoSuchDate:"""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoSuchDate from None
    if day.isoformat() != text or day.year not in _EDGES:
        raise NoSuchDate
    return day


def resolved(asked: AskedTime, zone: str) -> MeetingTime:
    """The one instant that somebody asks for.

    :raises BadTime: :raises BadDuration: :raises TimeDoesNotExist: :raises TimeIsAmbiguous:
    """
    local = local_of(asked.start)
    if not SHORTEST <= asked.minutes <= LONGEST:
        raise BadDuration(least=SHORTEST, most=LONGEST)
    first, second = _readings(local, clean_zone(zone))
    if shown_at(first, zone) != local:
        raise TimeDoesNotExist(next=start_of(shown_at(first, zone)))
    if first != second and asked.fold is None:
        raise TimeIsAmbiguous(instants=[f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (first, second)])
    return MeetingTime(start=asked.start, minutes=asked.minutes, at=second if asked.fold else first)


def at_on(local: datetime, zone: str) -> datetime:
    """The instant of a local time of a series: a skipped one is as much later as the clock skips, of two it is the first (RFC 5545 §3.3.5)."""
    return _readings(local, zone)[0]


def shown_at(at: datetime, zone: str) -> datetime:
    """What the clock of a zone shows at an instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def end_of(time: MeetingTime) -> datetime:
    return time.at + timedelta(minutes=time.minutes)


def recomputed(meeting: Meeting) -> Meeting:
    """A meeting whose instants are right for the time zone database of this process; the very same one when they already were.

    The clock time is what people agreed on, so it stays; of two instants it is the one nearest to what was agreed.
    """
    times = [_again(time, meeting.zone) for time in meeting.times]
    changes = [_changed_again(change, meeting.zone) for change in meeting.changes]
    if times == meeting.times and changes == meeting.changes:
        return meeting
    return structs.replace(meeting, times=times, changes=changes)


def _again(time: MeetingTime, zone: str) -> MeetingTime:
    first, second = _readings(local_of(time.start), zone)
    is_skipped = shown_at(first, zone) != local_of(time.start)
    is_second = not is_skipped and abs(second - time.at) < abs(first - time.at)
    return structs.replace(time, at=second if is_second else first)


def _changed_again(change: DateChange, zone: str) -> DateChange:
    return change if isinstance(change.time, UnsetType) else structs.replace(change, time=_again(change.time, zone))


def _readings(local: datetime, zone: str) -> tuple[datetime, datetime]:
    """Both instants that a local time can mean; one and the same nearly always."""
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
