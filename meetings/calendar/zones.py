"""Time zones as a calendar carries them: only the years that it needs (RFC 5545 §3.6.5).

Written here, not by icalendar's `add_missing_timezones`: 7.3 begins summer time an hour late, because it puts the onset on the
clock that shows from then on, and its strides of 64 days miss the month in which Morocco changes twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

MOST_REMEMBERED = 64
_STRIDE = timedelta(days=1)  # nowhere does a clock change twice within it
_EXACT = timedelta(seconds=1)


@lru_cache(maxsize=MOST_REMEMBERED)
def time_zone(name: str, *, first: date, last: date) -> Timezone:
    """The VTIMEZONE of a zone for what begins between two dates. Shared: nobody changes it."""
    zone = ZoneInfo(name)
    made = Timezone()
    made.add("tzid", name)
    start = datetime.combine(first, time.min, zone).astimezone(UTC)
    parts = {_kind(start, start, zone): [start]}
    for at in _changes(zone, start, datetime.combine(last, time.min, zone).astimezone(UTC)):
        parts.setdefault(_kind(at - _EXACT, at, zone), []).append(at)
    for (before, after, letters, is_summer), onsets in parts.items():
        made.add_component(_part(before, after, letters, onsets, is_summer=is_summer))
    return made


def _kind(before: datetime, at: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta, str, bool]:
    """From which offset to which, what the clock is called then, and whether it is summer time."""
    then = at.astimezone(zone)
    return _offset(before, zone), _offset(at, zone), then.tzname() or "", bool(then.dst())


def _part(
    before: timedelta, after: timedelta, letters: str, onsets: list[datetime], *, is_summer: bool
) -> TimezoneDaylight | TimezoneStandard:
    part: TimezoneDaylight | TimezoneStandard = TimezoneDaylight() if is_summer else TimezoneStandard()
    clocks = [(onset + before).replace(tzinfo=None) for onset in onsets]  # as the clock shows it that is about to change
    part.add("dtstart", clocks[0])
    if clocks[1:]:
        part.add("rdate", clocks[1:])
    part.add("tzname", letters)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    return part


def _changes(zone: ZoneInfo, at: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the clocks of a zone change."""
    while at < end:
        following = at + _STRIDE
        if _offset(at, zone) != _offset(following, zone):
            yield _found(at, following, zone)
        at = following


def _found(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first instant with the new offset, between one with the old and one with the new."""
    while after - before > _EXACT:
        middle = before + timedelta(seconds=(after - before) // _EXACT // 2)
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None  # a zone of the database always has one
    return offset
