"""A meeting as it is shown to one person: in words, with what they can do about it now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET

from accounts.models import Person
from chat import frames
from meetings import policy
from meetings.calendar.planned import Planned
from meetings.dates import over_at
from meetings.errors import MeetingNotFound
from meetings.models import Report
from meetings.occurrences import Occurrence, occurrences
from meetings.reading import calendar as reading
from meetings.repeats import rule_of
from meetings.states import ENOUGH
from meetings.times import end_of
from web.plain.times import said_time, said_when, today_in

DATES_SHOWN = 8
_MOST_ON_A_CARD = 3  # dates: the next one, and moved ones that wait for an answer


@dataclass(frozen=True, slots=True)
class Way:
    """A page that leads to other times or to the end of it: `act` of the address, its word, and the date of a series."""

    act: str
    word: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date of a series: its name, when, what becomes of it, and this person's buttons (words; empty: none)."""

    name: str
    when: str
    fate: str
    yes: str = ""
    no: str = ""
    ways: list[Way] = field(default_factory=list)


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


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, where, in which words, and when."""

    person: Person
    card: frames.Card
    words: Mapping[str, Any]
    now: datetime

    @property
    def meet(self) -> Mapping[str, Any]:
        """The words of meetings."""
        found: Mapping[str, Any] = self.words["meet"]
        return found

    @property
    def may_write(self) -> bool:
        return self.card.state == "open" and not self.card.left

    @property
    def may_plan(self) -> bool:
        """Nothing new is asked in a conversation that is about to close."""
        return self.may_write and self.card.closes_at is UNSET

    def may_move(self, meeting: frames.Meeting) -> bool:
        roles = {member.number: member.role for member in self.card.members if not member.left}
        return policy.may_move(meeting, self.card.you, is_pair=self.card.kind == "pair", roles=roles)

    def names(self, numbers: Iterable[int]) -> list[str]:
        known = {member.number: member.name for member in self.card.members}
        return [str(self.words["you"]) if number == self.card.you else known.get(number, "?") for number in numbers]


def planned_here(reader: Reader, number: int) -> Planned:
    """:raises MeetingNotFound: also for a meeting of somebody else."""
    return reading.planned_one(reader.person.id, reader.card.id, number)


def newest(reader: Reader, snapshot: frames.Meeting) -> Shown:
    """The card of a meeting: how it is now, or as the log has it for somebody who is there no more."""
    try:
        planned = planned_here(reader, snapshot.number)
    except MeetingNotFound:
        return _told(reader, snapshot)
    return shown(reader, planned, on_a_card=True)


def shown(reader: Reader, planned: Planned, *, on_a_card: bool = False) -> Shown:
    """The whole of it; on a card only the dates that somebody should look at."""
    meeting = planned.meeting
    dates = _dates(reader, planned) if meeting.repeat and meeting.state != "cancelled" else []
    shown_dates = _worth_a_card(reader, meeting, dates) if on_a_card else dates[:DATES_SHOWN]
    return _told(
        reader,
        meeting,
        yes_to=_yes_to(reader, meeting),
        no=_no(reader, meeting),
        ways=_ways(reader, meeting),
        dates=[_shown_date(reader, meeting, one, on_a_card=on_a_card) for one in shown_dates],
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
    today = today_in(meeting.zone, reader.now)
    if len(meeting.times) == 1:
        return [(1, yes)]
    return [(place, f"{yes}: {said_time(time, reader.words, today=today)}") for place, time in ahead]


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


# The dates of a series.


def _dates(reader: Reader, planned: Planned) -> list[Occurrence]:
    """Those to come, and the one that goes on now."""
    days = rule_of(planned.meeting.repeat).days
    begins = reader.now - timedelta(minutes=planned.meeting.times[0].minutes)
    until = reader.now + timedelta(days=days * (DATES_SHOWN + 1))
    first = max(until, planned.meeting.times[0].at + timedelta(days=days * DATES_SHOWN))
    found = occurrences(planned.meeting, start=begins, end=first, away=planned.away)
    return [one for one in found if end_of(one.time) > reader.now]


def _worth_a_card(reader: Reader, meeting: frames.Meeting, dates: list[Occurrence]) -> list[Occurrence]:
    waiting = [one for one in dates if _is_moved(meeting, one) and reader.card.you not in one.yes | one.no and one.why_not != "cancelled"]
    if meeting.state != "agreed":
        return waiting[:_MOST_ON_A_CARD]
    following = next((one for one in dates if one.why_not not in {"cancelled", "holiday"}), None)
    wanted = [one for one in dates if one is following or one in waiting]
    return wanted[:_MOST_ON_A_CARD]


def _is_moved(meeting: frames.Meeting, date: Occurrence) -> bool:
    return any(change.date == date.date and isinstance(change.time, frames.MeetingTime) for change in meeting.changes)


def _shown_date(reader: Reader, meeting: frames.Meeting, date: Occurrence, *, on_a_card: bool) -> ShownDate:
    meet, you, name = reader.meet, reader.card.you, date.date or ""
    is_moved, is_off = _is_moved(meeting, date), date.why_not == "cancelled"
    can_yes = you not in date.yes and (you in date.no or is_moved) and not is_off and date.time.at > reader.now
    can_no = you not in date.no and (can_yes or you in date.yes) and not is_off and date.why_not != "holiday"
    no = reader.words["no"] if can_yes else meet["not_this"]
    fates = [meet["fate"]["moved"]] * is_moved + [meet["fate"][date.why_not or "goes"]]
    ways = [Way("move", meet["move_this"], name)] * (reader.may_plan and reader.may_move(meeting) and not is_off)
    if not ways and reader.may_plan and is_moved and can_yes and len(date.yes) < ENOUGH:
        ways = [Way("counter", meet["counter"], name)]
    if reader.may_move(meeting) and not is_off and not on_a_card:
        ways.append(Way("cancel", meet["cancel_this"], name))
    return ShownDate(
        name=name,
        when=said_time(date.time, reader.words, today=today_in(meeting.zone, reader.now)),
        fate=f"{meet['comma']} ".join(fates),
        yes=str(reader.words["yes"]) if can_yes and reader.may_write else "",
        no=str(no) if can_no and reader.may_write else "",
        ways=ways if reader.may_write else [],
    )
