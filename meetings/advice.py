"""What is unwise about a time, for who plans or answers. Only about this person: a word about the others would tell what they do."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from chat.frames import MeetingTime
from meetings.holidays import is_holiday
from meetings.times import end_of, shown_at

Unwise = Literal["clash", "tight", "quiet_hours", "holiday", "away"]
TRAVEL_MINUTES = 30


def warnings(
    at: MeetingTime,
    zone: str,
    *,
    own: Sequence[tuple[datetime, datetime]],
    quiet: tuple[time, time],
    buffer_minutes: int = TRAVEL_MINUTES,
    away: Sequence[tuple[date, date]] = (),
) -> list[Unwise]:
    """What speaks against a time, in this order. `own` are the person's other meetings, `zone` is where their clock hangs.

    `quiet` begins and ends on that clock, also past midnight; both the same means none. `away` are first and last days.
    """
    start, end = at.at, end_of(at)
    local, until = shown_at(start, zone), shown_at(end, zone)
    travel = timedelta(minutes=buffer_minutes)
    clashes = _is_near(start, end, own, timedelta(0))
    checks: list[tuple[Unwise, bool]] = [
        ("clash", clashes),
        ("tight", not clashes and _is_near(start, end, own, travel)),
        ("quiet_hours", _is_quiet(local, until, quiet)),
        ("holiday", is_holiday(local.date(), zone)),
        ("away", any(first <= local.date() <= last for first, last in away)),
    ]
    return [name for name, applies in checks if applies]


def _is_near(start: datetime, end: datetime, own: Sequence[tuple[datetime, datetime]], travel: timedelta) -> bool:
    return any(start < other_end + travel and other_start < end + travel for other_start, other_end in own)


def _is_quiet(start: datetime, end: datetime, quiet: tuple[time, time]) -> bool:
    """Whether any of it falls in the quiet hours of that day, the one before or the one after."""
    first, last = quiet
    if first == last:
        return False
    for days in (-1, 0, 1):
        day = start.date() + timedelta(days=days)
        begins = datetime.combine(day, first)
        ends = datetime.combine(day + timedelta(days=int(last < first)), last)
        if start < ends and begins < end:
            return True
    return False
