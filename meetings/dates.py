"""The dates of a series, and what differs on one of them. A date keeps the name that the series gives it, however it is moved."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec import UnsetType, structs

from chat.frames import DateChange, Meeting, MeetingTime
from meetings.errors import NoSuchDate, TooManyChanges
from meetings.repeats import dates, last_date, rule_of
from meetings.states import adding, leaving_out, says_something
from meetings.times import at_on, day_of, end_of, local_of, shown_at, start_of

MOST_CHANGES = 30
MOST_MOVED = 8  # of those dates to another time; who moves more, moves the series
CHANGES_KEPT = timedelta(days=30)  # after the date is over


@dataclass(frozen=True, slots=True)
class Answers:
    """Members' numbers."""

    yes: list[int]
    no: list[int]


def change_on(meeting: Meeting, name: str, *, now: datetime) -> DateChange:
    """What differs on a date of a series, perhaps nothing. :raises NoSuchDate: also when it is so long over that nothing is kept of it."""
    ensure_date(meeting, name)
    if end_of(time_on(meeting, name)) <= now - CHANGES_KEPT:
        raise NoSuchDate
    return next((change for change in meeting.changes if change.date == name), DateChange(date=name))


def ensure_date(meeting: Meeting, name: str) -> None:
    """:raises NoSuchDate: it is no series, or it has no such date."""
    if not has_date(meeting, name):
        raise NoSuchDate


def has_date(meeting: Meeting, name: str) -> bool:
    """Whether a series has a date, by its rule. :raises NoSuchDate: it is not even written as one."""
    day = day_of(name)
    return bool(meeting.repeat) and any(dates(first_day(meeting), rule_of(meeting.repeat), day, day))


def first_day(meeting: Meeting) -> date:
    return local_of(meeting.times[0].start).date()


def time_on(meeting: Meeting, name: str) -> MeetingTime:
    """When a date of a series takes place."""
    moved = next((change.time for change in meeting.changes if change.date == name), None)
    return planned_on(meeting, name) if moved is None or isinstance(moved, UnsetType) else moved


def planned_on(meeting: Meeting, name: str) -> MeetingTime:
    """When a date takes place by the rule, with what the clock shows then."""
    time = meeting.times[0]
    local = datetime.combine(day_of(name), local_of(time.start).time())
    if start_of(local) == time.start:
        return time  # the first, of which somebody may have chosen the second of two instants
    at = at_on(local, meeting.zone)
    return MeetingTime(start=start_of(shown_at(at, meeting.zone)), minutes=time.minutes, at=at)


def answers_on(meeting: Meeting, change: DateChange) -> Answers:
    """Who says yes and no to a date: as to the series unless they said otherwise; to a moved date only what was said since."""
    if not isinstance(change.time, UnsetType):
        return Answers(change.yes, change.no)
    yes = [number for number in meeting.yes if number not in change.no]
    no = [number for number in meeting.no if number not in change.yes]
    return Answers(yes + [one for one in change.yes if one not in yes], no + [one for one in change.no if one not in no])


def with_change(meeting: Meeting, change: DateChange) -> Meeting:
    """A series with this instead of what differed on that date before. :raises TooManyChanges:"""
    others = [one for one in meeting.changes if one.date != change.date]
    if says_something(change) and len(others) >= MOST_CHANGES:
        raise TooManyChanges(limit=MOST_CHANGES)
    if not isinstance(change.time, UnsetType) and sum(not isinstance(one.time, UnsetType) for one in others) >= MOST_MOVED:
        raise TooManyChanges(limit=MOST_MOVED)
    return structs.replace(meeting, changes=sorted([*others, change], key=lambda one: one.date))


def out_of_dates(meeting: Meeting, number: int) -> Meeting:
    """A series of which somebody says no to every date: a yes to one of them goes too, and a moved one has their no."""
    return structs.replace(meeting, changes=[_declined(change, number) for change in meeting.changes])


def _declined(change: DateChange, number: int) -> DateChange:
    asks_by_itself = not isinstance(change.time, UnsetType) and not change.cancelled
    no = adding(change.no, number) if asks_by_itself else change.no
    return structs.replace(change, yes=leaving_out(change.yes, number), no=no)


def recent(meeting: Meeting, *, now: datetime) -> Meeting:
    """A series without what differed on dates that are long over."""
    since = now - CHANGES_KEPT
    return structs.replace(meeting, changes=[one for one in meeting.changes if end_of(time_on(meeting, one.date)) > since])


def over_at(meeting: Meeting) -> datetime | None:
    """When all of a meeting is over, whether it was agreed or not; none for a series without end."""
    moved = [end_of(change.time) for change in meeting.changes if not isinstance(change.time, UnsetType) and not change.cancelled]
    if not meeting.repeat:
        return max(end_of(time) for time in meeting.times)
    last = last_date(first_day(meeting), rule_of(meeting.repeat))
    return None if last is None else max([*moved, end_of(planned_on(meeting, last.isoformat()))])
