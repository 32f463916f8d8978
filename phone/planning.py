"""From what a person types to what is asked: `/meet 2026-11-25 14:00 90 weekly De Krook`, `/yes 1`. Pure."""

import re
from collections import deque
from collections.abc import Mapping
from datetime import date, datetime

from phone.planned import Ask, AskedTime, Meeting

COMMANDS = frozenset({"/meet", "/yes", "/no", "/move", "/cancel"})
_REPEATS = {"weekly": "FREQ=WEEKLY", "2weekly": "FREQ=WEEKLY;INTERVAL=2"}
_USUAL_MINUTES = 60


class CannotPlan(Exception):
    """This cannot be asked; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask_of(typed: str, meetings: Mapping[int, Meeting], *, you: int) -> Ask:
    """What `typed` asks, of one of these meetings. :raises CannotPlan:"""
    command, *rest = typed.split()
    words = deque(rest)
    if command == "/meet":
        return _proposal(words)
    meeting = meetings.get(_number(words) or 0)
    if meeting is None:
        raise CannotPlan("meeting_not_found")
    ask = _other_time(meeting, words, you) if command == "/move" else _answer(command, meeting, words)
    if words:
        raise CannotPlan("how_to_plan")
    return ask


def _proposal(words: deque[str]) -> Ask:
    starts = _starts(words)
    minutes = _number(words) or _USUAL_MINUTES
    repeat = _REPEATS.get(words[0].lower()) if words else None
    if repeat is not None:
        words.popleft()
    return Ask("propose", times=[AskedTime(start, minutes) for start in starts], place=_rest(words), repeat=repeat)


def _answer(command: str, meeting: Meeting, words: deque[str]) -> Ask:
    """Yes, no or off; with a day it is about that day of a series."""
    day = _date(words)
    if command == "/cancel":
        return Ask("cancel", meeting.number, date=day)
    if command == "/no":
        return Ask("decline", meeting.number, meeting.version, date=day)
    choice = _number(words)
    if choice is None and len(meeting.times) > 1:
        raise CannotPlan("which_time")
    return Ask("accept", meeting.number, meeting.version, choice=choice or 1, date=day)


def _other_time(meeting: Meeting, words: deque[str], you: int) -> Ask:
    """A move of what stands or is one's own, and else a counter-proposal; with a day in front it is about that day of a series."""
    is_one_date = len(words) > 1 and _is_date(words[0]) and _is_date(words[1])
    day = _date(words) if is_one_date else None
    starts = _starts(words)
    minutes = _number(words) or meeting.times[0].minutes
    is_counter = day is None and meeting.proposer != you and meeting.state in {"proposed", "declined"}
    times = [AskedTime(start, minutes) for start in starts]
    return Ask("counter" if is_counter else "move", meeting.number, meeting.version, times=times, place=_rest(words), date=day)


def _starts(words: deque[str]) -> list[str]:
    """One time or more, each a day and an hour."""
    starts = []
    while len(words) > 1 and _is_date(words[0]):
        day, hour = words.popleft(), words.popleft()
        try:
            starts.append(datetime.strptime(f"{day} {hour}", "%Y-%m-%d %H:%M").strftime("%Y-%m-%dT%H:%M"))  # noqa: DTZ007  # on the clock of the meeting's zone
        except ValueError:
            raise CannotPlan("how_to_plan") from None
    if not starts:
        raise CannotPlan("how_to_plan")
    return starts


def _date(words: deque[str]) -> str | None:
    return words.popleft() if words and _is_date(words[0]) else None


def _is_date(word: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", word, re.ASCII)) and bool(date.fromisoformat(word))
    except ValueError:
        return False


def _number(words: deque[str]) -> int | None:
    """At most six digits: more is no number of anything here."""
    return int(words.popleft()) if words and re.fullmatch(r"[0-9]{1,6}", words[0]) else None


def _rest(words: deque[str]) -> str | None:
    """All that is left, as a place."""
    place = " ".join(words)
    words.clear()
    return place or None
