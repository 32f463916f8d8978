"""Meetings of a log: what the wire tells of them, which is the newest, and each in a line or two for a person. No I/O."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from phone.planned import Meeting, MeetingTime
from phone.printable import on_one_line
from phone.wire import Entry
from phone.words import Words


def newest(entries: Iterable[Entry]) -> dict[int, Meeting]:
    """Each meeting as it is now, by its number."""
    return {entry.meeting.number: entry.meeting for entry in entries if entry.meeting is not None}


def told(meeting: Meeting, words: Words, *, author: str, name: Callable[[int], str], year: int, zone: str) -> str:
    """What somebody did with it, when and where it is; behind an arrow what became of it and who said what.

    Times are those of a clock where the meeting is; a zone other than the reader's is named, a year other than `year` shown.
    """
    said = words.meetings
    acts = f"{author}: {said.acts.get(meeting.act, meeting.act)}, {said.meeting} {meeting.number}"
    where = meeting.zone.rpartition("/")[2].replace("_", " ") if meeting.zone != zone else ""
    parts = [acts, _when(meeting, words, year), where, _repeats(meeting, words), on_one_line(meeting.place), said.online * meeting.online]
    state, yes, no = _answers(meeting)
    answers = [
        said.states.get(state, state),
        *(f"{word}: {', '.join(map(name, who))}" for word, who in ((said.yes, yes), (said.no, no)) if who),
    ]
    return f"{' · '.join(filter(None, parts))}\n→ {' · '.join(filter(None, answers))}"


def _when(meeting: Meeting, words: Words, year: int) -> str:
    if meeting.date is None:
        return " / ".join(_time(time, words, year) for time in meeting.times)
    change = meeting.changed_on(meeting.date)
    day = _day(date.fromisoformat(meeting.date), words, year)
    return f"{day} → {_time(change.time, words, year)}" if change is not None and change.time is not None else day


def _answers(meeting: Meeting) -> tuple[str, list[int], list[int]]:
    """The state and the answers that this act is about: of one date of a series, or of all of it."""
    change = meeting.changed_on(meeting.date) if meeting.date is not None else None
    if change is None:
        return meeting.state, meeting.yes, meeting.no
    if change.cancelled:
        return "cancelled", [], []
    if change.time is None:
        return "", change.yes, change.no
    return "agreed" if len(change.yes) > 1 else "proposed", change.yes, change.no


def _repeats(meeting: Meeting, words: Words) -> str:
    if not meeting.repeat or meeting.date is not None:
        return ""
    return words.meetings.two_weekly if "INTERVAL=2" in meeting.repeat else words.meetings.weekly


def _time(time: MeetingTime, words: Words, year: int) -> str:
    start = datetime.fromisoformat(time.start)
    return f"{_day(start.date(), words, year)} {start:%H:%M}–{start + timedelta(minutes=time.minutes):%H:%M}"


def _day(day: date, words: Words, year: int) -> str:
    return f"{words.weekdays[day.weekday()]} {day.day}/{day.month}{f'/{day.year}' if day.year != year else ''}"
