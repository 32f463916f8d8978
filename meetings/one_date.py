"""What each act makes of one date of a series; the rest of the series stands."""

from datetime import datetime

from msgspec import structs

from chat.frames import DateChange, Meet, Meeting
from core.errors import Invalid
from meetings.dates import answers_on, change_on, time_on, with_change
from meetings.errors import AlreadyAgreed, MeetingCancelled, TimeIsPast, YourOwnProposal
from meetings.proposals import times_of
from meetings.states import ENOUGH, adding, leaving_out
from meetings.times import end_of


def accept(meeting: Meeting, date: str, *, by: int, now: datetime) -> Meeting:
    """:raises TimeIsPast:"""
    change = _change(meeting, date, now=now)
    if time_on(meeting, date).at <= now:
        raise TimeIsPast
    return with_change(meeting, structs.replace(change, yes=adding(change.yes, by), no=leaving_out(change.no, by)))


def decline(meeting: Meeting, date: str, *, by: int, now: datetime) -> Meeting:
    """:raises TimeIsPast:"""
    change = _change_to_come(meeting, date, now=now)
    return with_change(meeting, structs.replace(change, yes=leaving_out(change.yes, by), no=adding(change.no, by)))


def counter(meeting: Meeting, meet: Meet, date: str, *, by: int, now: datetime) -> Meeting:
    """Another time for a date that is not agreed, by whoever did not say yes to it. :raises AlreadyAgreed: :raises YourOwnProposal:"""
    yes = answers_on(meeting, _change(meeting, date, now=now)).yes
    if len(yes) >= ENOUGH:
        raise AlreadyAgreed
    if by in yes:
        raise YourOwnProposal
    return move(meeting, meet, date, by=by, now=now)


def move(meeting: Meeting, meet: Meet, date: str, *, by: int, now: datetime) -> Meeting:
    """Another time for a date, also for one that was missed; all are asked again about it alone."""
    _change(meeting, date, now=now)
    _ensure_only_the_time(meeting, meet)
    (time,) = times_of(meet.times, meeting.zone, most=1, now=now)
    moved = with_change(meeting, DateChange(date=date, time=time, yes=[by]))
    return structs.replace(moved, version=meeting.version + 1)


def cancel(meeting: Meeting, date: str, *, now: datetime) -> Meeting:
    """:raises TimeIsPast:"""
    change = _change_to_come(meeting, date, now=now)
    off = with_change(meeting, structs.replace(change, cancelled=True, yes=[], no=[]))
    return structs.replace(off, version=meeting.version + 1)


def _change(meeting: Meeting, date: str, *, now: datetime) -> DateChange:
    change = change_on(meeting, date, now=now)
    if change.cancelled:
        raise MeetingCancelled
    return change


def _change_to_come(meeting: Meeting, date: str, *, now: datetime) -> DateChange:
    """What is over stays as it was."""
    change = _change(meeting, date, now=now)
    if end_of(time_on(meeting, date)) <= now:
        raise TimeIsPast
    return change


def _ensure_only_the_time(meeting: Meeting, meet: Meet) -> None:
    """Nothing that somebody asks for is left undone silently. :raises Invalid:"""
    for name in ("zone", "place", "online", "purpose", "repeat", "on_holidays"):
        asked = getattr(meet, name)
        if asked is not None and asked != getattr(meeting, name):
            raise Invalid(problems={name: ["One date of a series can have another time, and nothing else of its own."]})
