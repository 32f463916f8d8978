"""Meetings as the page of lite writes them, in the words of the page of JSON; and what is asked of them, the other way."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

ACTS = ("propose", "accept", "decline", "counter", "move", "cancel", "end")
STATES = ("proposed", "agreed", "declined", "cancelled")
PURPOSES = ("leisure", "family", "neighbourhood", "culture", "sport", "learning", "health", "administration", "work")
_CLOCK = "%Y-%m-%dT%H:%M"
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)


def meeting_of(array: list[Any]) -> dict[str, Any]:
    """The part `meeting` of an entry; what has its default stays away."""
    return _meeting(*array)


def _meeting(
    number: int, version: int, act: int, state: int, proposer: int, times: list[Any], zone: str = "", purpose: int | None = None,
    place: str | None = None, online: bool | None = None, repeat: str | None = None, on_holidays: bool | None = None,
    changes: list[Any] | None = None, yes: list[int] | None = None, no: list[int] | None = None, day: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    said = {
        "number": number, "version": version, "act": ACTS[act], "state": STATES[state], "proposer": proposer, "zone": zone or "Europe/Brussels",
        "times": [_time(*time) for time in times],
    }  # fmt: skip
    more = {
        "purpose": PURPOSES[purpose - 1] if purpose else None, "place": place, "online": online, "repeat": repeat, "on_holidays": on_holidays,
        "changes": [_change(*change) for change in changes or ()], "yes": yes, "no": no, "date": _day(day),
    }  # fmt: skip
    return said | {name: value for name, value in more.items() if value}


def _change(
    day: int, cancelled: bool | None = None, time: list[int] | None = None, yes: list[int] | None = None, no: list[int] | None = None
) -> dict[str, Any]:
    more = {"cancelled": cancelled, "time": _time(*time) if time else None, "yes": yes, "no": no}
    return {"date": _day(day)} | {name: value for name, value in more.items() if value}


def _time(start: int, minutes: int, offset: int) -> dict[str, Any]:
    at = _ZERO + timedelta(minutes=start - offset)
    return {"start": (_ZERO + timedelta(minutes=start)).strftime(_CLOCK), "minutes": minutes, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _day(days: int | None) -> str | None:
    return None if days is None else (_FIRST_DAY + timedelta(days=days)).isoformat()


def asked(slot: int, ref: int | None, draft: int | bytes, said: dict[str, Any]) -> list[Any]:
    """A `meet` of JSON as lite writes it."""
    zone, day, purpose = said.get("zone"), said.get("date"), said.get("purpose")
    return [
        -11, ref, slot, ACTS.index(said["act"]), draft, said.get("meeting"), said.get("version"),
        [_asked_time(time) for time in said.get("times", ())] or None, said.get("choice"), _days(day) if day else None, zone,
        said.get("place"), said.get("online"), PURPOSES.index(purpose) + 1 if purpose else None, said.get("repeat"), said.get("on_holidays"),
    ]  # fmt: skip


def _asked_time(time: dict[str, Any]) -> list[int | None]:
    start = int((datetime.strptime(time["start"], _CLOCK).replace(tzinfo=UTC) - _ZERO).total_seconds()) // 60
    numbers = [start, time.get("minutes"), time.get("fold")]
    while numbers[-1] is None:
        numbers.pop()
    return numbers


def _days(day: str) -> int:
    return (date.fromisoformat(day) - _FIRST_DAY).days
