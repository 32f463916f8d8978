"""What each act makes of a meeting. Pure: a snapshot and what somebody asks go in, the next snapshot comes out, or a refusal."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import UNSET, structs

from accounts.zones import clean_zone
from chat.frames import MOST_TIMES, Meet, Meeting
from core.errors import Invalid
from meetings import one_date, policy
from meetings.dates import out_of_dates, over_at, recent
from meetings.errors import AlreadyAgreed, MeetingChanged, NoSuchTime, TimeIsPast, YourOwnProposal
from meetings.proposals import asked_anew, repeat_of, times_of
from meetings.states import ENOUGH, adding, leaving_out, settled

NEEDS_VERSION = {"accept", "decline", "counter"}  # an answer is to what somebody was looking at


def propose(meet: Meet, *, number: int, by: int, zone: str, now: datetime, closes: datetime | None = None) -> Meeting:
    """A new meeting, to which only its proposer said yes; in the proposer's `zone` unless they named another."""
    policy.ensure_may_plan(closes)
    zone = clean_zone(meet.zone or zone)
    times = times_of(meet.times, zone, most=1 if meet.repeat else MOST_TIMES, now=now)
    return Meeting(
        number=number,
        version=1,
        act="propose",
        state="proposed",
        proposer=by,
        zone=zone,
        times=times,
        purpose=meet.purpose or UNSET,
        place=policy.clean_place(meet.place or ""),
        online=bool(meet.online),
        repeat=repeat_of(meet.repeat or "", times[0], zone),
        on_holidays=bool(meet.on_holidays),
        yes=[by],
    )


def act(
    meeting: Meeting,
    meet: Meet,
    *,
    by: int,
    present: Collection[int],
    is_pair: bool,
    roles: Mapping[int, str],
    closes: datetime | None,
    now: datetime,
) -> Meeting:
    """A meeting after somebody answered, countered, moved or cancelled it, or one date of it.

    `present` are the numbers of all who are in the conversation, `roles` what they are to each other, `closes` when it is about to.
    """
    policy.ensure_may_act(meeting, by, present=present)
    _ensure_current(meeting, meet)
    if meet.act in {"counter", "move"}:
        policy.ensure_may_plan(closes)
    if meet.act in {"move", "cancel"}:
        policy.ensure_may_move(meeting, by, is_pair=is_pair, roles=roles)
    before = recent(meeting, now=now)
    after = _whole(before, meet, by=by, now=now) if meet.date is None else _one_date(before, meet, meet.date, by=by, now=now)
    return settled(structs.replace(after, act=meet.act, date=UNSET if meet.date is None else meet.date), present=present)


def ended(meeting: Meeting) -> Meeting:
    """A meeting that the organisation ends, with the circle; one that was cancelled stays as it was."""
    if meeting.state == "cancelled":
        return meeting
    return structs.replace(meeting, version=meeting.version + 1, act="end", state="cancelled", date=UNSET)


def without(meeting: Meeting, number: int, *, present: Collection[int]) -> Meeting:
    """A meeting after somebody left: over when it was theirs or fewer than two remain, else without their answers.

    The very same one when this changes nothing.
    """
    remaining = set(present) - {number}
    if meeting.state == "cancelled":
        return meeting
    if number == meeting.proposer or len(remaining) < ENOUGH:
        return ended(meeting)
    after = settled(meeting, present=remaining)
    return meeting if after == meeting else structs.replace(after, act="decline", date=UNSET)


def _whole(meeting: Meeting, meet: Meet, *, by: int, now: datetime) -> Meeting:
    match meet.act:
        case "accept":
            return _accept(meeting, meet.choice, by=by, now=now)
        case "decline":
            _ensure_not_over(meeting, now=now)
            said_no = structs.replace(meeting, yes=leaving_out(meeting.yes, by), no=adding(meeting.no, by))
            return out_of_dates(said_no, by)
        case "counter":
            _ensure_may_counter(meeting, by)
            return asked_anew(meeting, meet, by=by, now=now)
        case "move":
            return asked_anew(meeting, meet, by=by, now=now)
        case "cancel":
            _ensure_not_over(meeting, now=now)
            return structs.replace(meeting, state="cancelled", version=meeting.version + 1)
        case "propose":
            raise Invalid(problems={"meeting": ["A proposal makes a new meeting; it names none."]})


def _one_date(meeting: Meeting, meet: Meet, date: str, *, by: int, now: datetime) -> Meeting:
    match meet.act:
        case "accept":
            return one_date.accept(meeting, date, by=by, now=now)
        case "decline":
            return one_date.decline(meeting, date, by=by, now=now)
        case "counter":
            return one_date.counter(meeting, meet, date, by=by, now=now)
        case "move":
            return one_date.move(meeting, meet, date, by=by, now=now)
        case "cancel":
            return one_date.cancel(meeting, date, now=now)
        case "propose":
            raise Invalid(problems={"date": ["A proposal makes a new meeting; it names no date of one."]})


def _accept(meeting: Meeting, choice: int, *, by: int, now: datetime) -> Meeting:
    """The first yes of somebody else chooses one of several times, which others then must look at anew: the version rises."""
    if not 1 <= choice <= len(meeting.times):
        raise NoSuchTime(times=len(meeting.times))
    chosen = meeting.times[choice - 1]
    over = over_at(meeting) if meeting.repeat else chosen.at
    if over is not None and over <= now:
        raise TimeIsPast
    said_yes = structs.replace(meeting, yes=adding(meeting.yes, by), no=leaving_out(meeting.no, by))
    if by == meeting.proposer or len(meeting.times) == 1:
        return said_yes
    return structs.replace(said_yes, times=[chosen], version=meeting.version + 1)


def _ensure_current(meeting: Meeting, meet: Meet) -> None:
    """:raises Invalid: an answer that does not say to what. :raises MeetingChanged:"""
    if meet.version is None and meet.act in NEEDS_VERSION:
        raise Invalid(problems={"version": ["Say which version of the meeting you were looking at."]})
    if meet.version is not None and meet.version != meeting.version:
        raise MeetingChanged(version=meeting.version)


def _ensure_may_counter(meeting: Meeting, by: int) -> None:
    """:raises AlreadyAgreed: :raises YourOwnProposal:"""
    if meeting.state == "agreed":
        raise AlreadyAgreed
    if by == meeting.proposer:
        raise YourOwnProposal


def _ensure_not_over(meeting: Meeting, *, now: datetime) -> None:
    """What people agreed on and what is over stays as it was. :raises TimeIsPast:"""
    over = over_at(meeting)
    if meeting.state == "agreed" and over is not None and over <= now:
        raise TimeIsPast
