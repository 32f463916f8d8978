"""The dates of a series as one person sees them, each with its own buttons."""

from dataclasses import dataclass, field
from datetime import timedelta

from chat import frames
from meetings.calendar.planned import Planned
from meetings.occurrences import Occurrence, occurrences
from meetings.repeats import rule_of
from meetings.states import ENOUGH
from meetings.times import end_of
from web.plain.reader import Reader

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


def dates_of(reader: Reader, planned: Planned) -> list[Occurrence]:
    """Those to come, and the one that goes on now."""
    days = rule_of(planned.meeting.repeat).days
    begins = reader.now - timedelta(minutes=planned.meeting.times[0].minutes)
    until = reader.now + timedelta(days=days * (DATES_SHOWN + 1))
    first = max(until, planned.meeting.times[0].at + timedelta(days=days * DATES_SHOWN))
    found = occurrences(planned.meeting, start=begins, end=first, away=planned.away)
    return [one for one in found if end_of(one.time) > reader.now]


def worth_a_card(reader: Reader, meeting: frames.Meeting, dates: list[Occurrence]) -> list[Occurrence]:
    waiting = [one for one in dates if _is_moved(meeting, one) and reader.card.you not in one.yes | one.no and one.why_not != "cancelled"]
    if meeting.state != "agreed":
        return waiting[:_MOST_ON_A_CARD]
    following = next((one for one in dates if one.why_not not in {"cancelled", "holiday"}), None)
    wanted = [one for one in dates if one is following or one in waiting]
    return wanted[:_MOST_ON_A_CARD]


def _is_moved(meeting: frames.Meeting, date: Occurrence) -> bool:
    return any(change.date == date.date and isinstance(change.time, frames.MeetingTime) for change in meeting.changes)


def shown_date(reader: Reader, meeting: frames.Meeting, date: Occurrence, *, on_a_card: bool) -> ShownDate:
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
        when=reader.said(date.time, meeting.zone),
        fate=f"{meet['comma']} ".join(fates),
        yes=str(reader.words["yes"]) if can_yes and reader.may_write else "",
        no=str(no) if can_no and reader.may_write else "",
        ways=ways if reader.may_write else [],
    )
