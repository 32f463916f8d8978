"""What somebody asks the others: when, how often, and what stays as it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import structs

from accounts.zones import clean_zone
from chat.frames import MOST_TIMES, AskedTime, DateChange, Meet, Meeting, MeetingTime
from meetings.dates import first_day, has_date, planned_on
from meetings.errors import BadRepeat, TimeIsPast, TimeTooFar, WrongNumberOfTimes
from meetings.policy import clean_place
from meetings.repeats import dates, last_date, rule_of, text_of
from meetings.times import local_of, resolved, shown_at

MOST_DAYS_AHEAD = 400


def times_of(asked: Sequence[AskedTime], zone: str, *, most: int, now: datetime) -> list[MeetingTime]:
    """One to `most` different instants that are still to come.

    :raises WrongNumberOfTimes: :raises TimeIsPast: :raises TimeTooFar: and what `resolved` raises
    """
    if not 1 <= len(asked) <= most:
        raise WrongNumberOfTimes(most=most)
    times = [resolved(one, zone) for one in asked]
    if len({time.at for time in times}) != len(times):
        raise WrongNumberOfTimes(most=most)
    if any(time.at <= now for time in times):
        raise TimeIsPast
    if any(time.at > now + timedelta(days=MOST_DAYS_AHEAD) for time in times):
        raise TimeTooFar(days=MOST_DAYS_AHEAD)
    return times


def repeat_of(text: str, first: MeetingTime, zone: str) -> str:
    """A rule as we write it, of a series that has a date at least; empty when it is no series. :raises BadRepeat:"""
    if not text:
        return ""
    local = local_of(first.start)
    rule = rule_of(text, zone=zone, clock=local.time())
    last = last_date(local.date(), rule)
    if last is not None and last < local.date():
        raise BadRepeat
    return text_of(rule)


def asked_anew(meeting: Meeting, meet: Meet, *, by: int, now: datetime) -> Meeting:
    """A meeting that somebody wants at other times: whoever said yes or no before is asked again. What they left out stays as it was."""
    zone = clean_zone(meet.zone) if meet.zone else meeting.zone
    repeat = _rest_of(meeting, now=now) if meet.repeat is None else meet.repeat
    times = times_of(meet.times, zone, most=1 if repeat else MOST_TIMES, now=now)
    anew = structs.replace(
        meeting,
        version=meeting.version + 1,
        proposer=by,
        zone=zone,
        times=times,
        repeat=repeat_of(repeat, times[0], zone),
        purpose=meet.purpose or meeting.purpose,
        place=meeting.place if meet.place is None else clean_place(meet.place),
        online=meeting.online if meet.online is None else meet.online,
        on_holidays=meeting.on_holidays if meet.on_holidays is None else meet.on_holidays,
        changes=[],
        yes=[by],
        no=[],
    )
    off = [change.date for change in meeting.changes if change.cancelled and has_date(anew, change.date)]
    return structs.replace(anew, changes=[DateChange(date=date, cancelled=True) for date in off])


def _rest_of(meeting: Meeting, *, now: datetime) -> str:
    """The rule of a series from now on: ten times, of which four are over, are six times when it moves."""
    if not meeting.repeat:
        return ""
    rule = rule_of(meeting.repeat)
    if rule.count is None:
        return meeting.repeat
    first, today = first_day(meeting), shown_at(now, meeting.zone).date()
    over = sum(planned_on(meeting, day.isoformat()).at <= now for day in dates(first, rule, first, today))
    return text_of(rule.less(over))
