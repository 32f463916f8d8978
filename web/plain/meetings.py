"""A meeting as it is shown to one person: in words, with what they can do about it now."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chat import frames
from meetings.calendar.planned import Planned
from meetings.dates import over_at
from meetings.errors import MeetingNotFound
from meetings.models import Report
from meetings.reading import calendar as reading
from web.plain.dates import DATES_SHOWN, ShownDate, Way, dates_of, shown_date, worth_a_card
from web.plain.reader import Reader
from web.plain.times import said_when


@dataclass(frozen=True, slots=True)
class Shown:
    """`yes_to` are the places of the times that this person can say yes to, with a word for each; `no` is a word, or nothing."""

    number: int
    version: int
    title: str
    when: list[str]
    minutes: str
    where: list[str]
    purpose: str
    coming: list[str]
    not_coming: list[str]
    yes_to: list[tuple[int, str]] = field(default_factory=list)
    no: str = ""
    ways: list[Way] = field(default_factory=list)
    dates: list[ShownDate] = field(default_factory=list)
    asks_held: bool = False

    @property
    def has_form(self) -> bool:
        return bool(self.yes_to or self.no)


def planned_here(reader: Reader, number: int) -> Planned:
    """:raises MeetingNotFound: also for a meeting of somebody else."""
    return reading.planned_one(reader.person.id, reader.card.id, number)


def newest(reader: Reader, snapshot: frames.Meeting) -> Shown:
    """The card of a meeting: how it is now, or as the log has it for somebody who is there no more, or when it is off for good."""
    if snapshot.state == "cancelled":
        return _told(reader, snapshot)
    try:
        planned = planned_here(reader, snapshot.number)
    except MeetingNotFound:
        return _told(reader, snapshot)
    return shown(reader, planned, on_a_card=True)


def shown(reader: Reader, planned: Planned, *, on_a_card: bool = False) -> Shown:
    """The whole of it; on a card only the dates that somebody should look at."""
    meeting = planned.meeting
    dates = dates_of(reader, planned) if meeting.repeat and meeting.state != "cancelled" else []
    shown_dates = worth_a_card(reader, meeting, dates) if on_a_card else dates[:DATES_SHOWN]
    return _told(
        reader,
        meeting,
        yes_to=_yes_to(reader, meeting),
        no=_no(reader, meeting),
        ways=_ways(reader, meeting),
        dates=[shown_date(reader, meeting, one, on_a_card=on_a_card) for one in shown_dates],
        asks_held=_asks_held(reader, meeting, planned.id),
    )


def is_over(meeting: frames.Meeting, now: datetime) -> bool:
    over = over_at(meeting)
    return over is not None and over <= now


def short(reader: Reader, meeting: frames.Meeting) -> str:
    """What an older line of it says: what somebody did, and about when."""
    said = [f"{reader.meet['title']}: {reader.meet['acts'][meeting.act]}"]
    if isinstance(meeting.date, str):
        said.append("/".join(part.lstrip("0") for part in reversed(meeting.date.split("-")[1:])))
    elif meeting.act in {"propose", "counter", "move"}:
        said.append(said_when(meeting, reader.words, zone=reader.person.zone, now=reader.now)[0])
    return f"{reader.meet['comma']} ".join(said)


def _told(reader: Reader, meeting: frames.Meeting, **more: Any) -> Shown:
    meet = reader.meet
    purpose = meet["purposes"][meeting.purpose] if isinstance(meeting.purpose, str) else ""
    lengths = list(dict.fromkeys(time.minutes for time in meeting.times))
    where = [meet["online"]] * meeting.online + [meeting.place] * bool(meeting.place)
    is_on = meeting.state != "cancelled"
    return Shown(
        number=meeting.number,
        version=meeting.version,
        title=_title(reader, meeting),
        when=said_when(meeting, reader.words, zone=reader.person.zone, now=reader.now),
        minutes=f"{meet['comma']} ".join(meet["minutes"].replace("{}", str(length)) for length in lengths),
        where=where,
        purpose=purpose,
        coming=reader.names(meeting.yes) if is_on else [],
        not_coming=reader.names(meeting.no) if is_on else [],
        **more,
    )


def _title(reader: Reader, meeting: frames.Meeting) -> str:
    states = reader.meet["states"]
    if meeting.act == "end":
        return str(states["ended"])
    if meeting.state == "agreed" and is_over(meeting, reader.now):
        return str(states["over"])
    return str(states[meeting.state])


# What this person can do about the whole of it.


def _yes_to(reader: Reader, meeting: frames.Meeting) -> list[tuple[int, str]]:
    if not reader.may_write or meeting.state == "cancelled" or reader.card.you in meeting.yes:
        return []
    ahead = [(place, time) for place, time in enumerate(meeting.times, 1) if (meeting.repeat or time.at > reader.now)]
    if not ahead or is_over(meeting, reader.now):
        return []
    yes = str(reader.words["yes"])
    if len(meeting.times) == 1:
        return [(1, yes)]
    return [(place, f"{yes}: {reader.said(time, meeting.zone)}") for place, time in ahead]


def _no(reader: Reader, meeting: frames.Meeting) -> str:
    you = reader.card.you
    is_done = meeting.state == "cancelled" or you in meeting.no or is_over(meeting, reader.now)
    if is_done or not reader.may_write or (you in meeting.yes and (meeting.state != "agreed" or reader.may_move(meeting))):
        return ""
    return str(reader.meet["cannot"] if you in meeting.yes else reader.words["no"])


def _ways(reader: Reader, meeting: frames.Meeting) -> list[Way]:
    meet, you, is_series = reader.meet, reader.card.you, bool(meeting.repeat)
    if not reader.may_write or meeting.state == "cancelled":
        return []
    may_move, is_agreed = reader.may_move(meeting), meeting.state == "agreed"
    has_passed = is_over(meeting, reader.now)
    ways = []
    if reader.may_plan and not is_agreed and you != meeting.proposer:
        ways.append(Way("counter", meet["counter"]))
    elif reader.may_plan and may_move and not (is_agreed and has_passed):
        ways.append(Way("move", meet["move_all" if is_series else "move"]))
    if may_move and not has_passed:
        ways.append(Way("cancel", meet["cancel_all" if is_series else "cancel"]))
    return ways


def _asks_held(reader: Reader, meeting: frames.Meeting, meeting_id: UUID) -> bool:
    """Whether it is time to ask if it took place; of a series its own page asks, date by date."""
    is_due = meeting.state == "agreed" and not meeting.repeat and is_over(meeting, reader.now) and reader.card.you in meeting.yes
    return is_due and not Report.objects.filter(meeting_id=meeting_id, date="", person=reader.person).exists()
