"""Meetings as arrays of small numbers: times in minutes on the clock since 1970, dates in days, words by their place in a list. Pure."""

from datetime import date, datetime, timedelta
from typing import Any, get_args

from msgspec import UNSET

from chat import frames
from chat.errors import MalformedFrame
from chat.lite.layouts import USUAL_ZONE

ACTS: tuple[str, ...] = get_args(frames.Act)
STATES: tuple[str, ...] = get_args(frames.MeetingState)
PURPOSES: tuple[str, ...] = get_args(frames.Purpose)
_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001  # on the clock of no zone
_FIRST_DAY = date(1970, 1, 1)
_MOST_MINUTES = 2**31 - 1


def written(meeting: frames.Meeting) -> list[Any]:
    """A meeting in the order of `layouts.MEETING`, without the defaults at its end."""
    return trimmed(
        [
            meeting.number,
            meeting.version,
            ACTS.index(meeting.act),
            STATES.index(meeting.state),
            meeting.proposer,
            [_time(time) for time in meeting.times],
            None if meeting.zone == USUAL_ZONE else meeting.zone,
            None if meeting.purpose is UNSET else PURPOSES.index(str(meeting.purpose)) + 1,
            meeting.place or None,
            meeting.online or None,
            meeting.repeat or None,
            meeting.on_holidays or None,
            [_change(change) for change in meeting.changes] or None,
            meeting.yes or None,
            meeting.no or None,
            None if meeting.date is UNSET else _day(str(meeting.date)),
        ]
    )


def _change(change: frames.DateChange) -> list[Any]:
    time = _time(change.time) if isinstance(change.time, frames.MeetingTime) else None
    return trimmed([_day(change.date), change.cancelled or None, time, change.yes or None, change.no or None])


def _time(time: frames.MeetingTime) -> list[int]:
    start = _clock(time.start)
    return [start, time.minutes, start - int(time.at.timestamp()) // 60]


def _clock(start: str) -> int:
    return int((datetime.fromisoformat(start) - _ZERO).total_seconds()) // 60


def _day(text: str) -> int:
    return (date.fromisoformat(text) - _FIRST_DAY).days


def read(name: str, value: Any) -> Any:
    """One field of `meet` or `held` as its struct wants it. :raises MalformedFrame:"""
    match name:
        case "act":
            return word(ACTS, value, of="an act")
        case "purpose":
            return word(PURPOSES, value - 1 if type(value) is int else value, of="a purpose")
        case "date":
            return (_FIRST_DAY + timedelta(days=_number(value))).isoformat()
        case "times":
            return [_asked(time) for time in value] if isinstance(value, list) else value
    return value


def _asked(time: Any) -> Any:
    if not isinstance(time, list) or not 1 <= len(time) <= len(frames.AskedTime.__struct_fields__):
        raise MalformedFrame(problem="a time is [start, minutes, fold]")
    start = (_ZERO + timedelta(minutes=_number(time[0]))).strftime("%Y-%m-%dT%H:%M")
    return {"start": start, **{key: value for key, value in zip(("minutes", "fold"), time[1:], strict=False) if value is not None}}


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_MINUTES:
        raise MalformedFrame(problem="times are minutes, and dates days, since 1970")
    return value


def word(words: tuple[str, ...], value: Any, *, of: str) -> str:
    """The one at this place. :raises MalformedFrame:"""
    if type(value) is not int or not 0 <= value < len(words):
        raise MalformedFrame(problem=f"{of} is a whole number below {len(words)}")
    return words[value]


def or_none(value: Any) -> Any:
    return None if value is UNSET else value


def trimmed(values: list[Any]) -> list[Any]:
    """Without the defaults at its end."""
    while values and values[-1] is None:
        values.pop()
    return values
