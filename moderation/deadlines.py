"""By when somebody must have looked. Pure: who is there is told."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from moderation.words import Priority, Urgency

SHORTEST = timedelta(minutes=10)  # that somebody further up gets
NEXT_CONTACT = timedelta(days=7)
TODAY = timedelta(hours=2)
OFFICE_OPENS, OFFICE_CLOSES = time(9), time(17)


class Terms(Protocol):
    """What an organisation chose, in minutes."""

    @property
    def danger_minutes(self) -> int: ...
    @property
    def danger_on_call_minutes(self) -> int: ...
    @property
    def safeguarding_minutes(self) -> int: ...
    @property
    def harassment_minutes(self) -> int: ...
    @property
    def other_minutes(self) -> int: ...


def term(terms: Terms, priority: Priority, *, at_work: bool) -> timedelta:
    """How long a case of this priority may wait. Danger knows two: somebody is at work, or somebody is on call."""
    minutes = {
        Priority.DANGER: terms.danger_minutes if at_work else terms.danger_on_call_minutes,
        Priority.SAFEGUARDING: terms.safeguarding_minutes,
        Priority.HARASSMENT: terms.harassment_minutes,
        Priority.OTHER: terms.other_minutes,
    }
    return timedelta(minutes=minutes[priority])


def due_at(terms: Terms, priority: Priority, *, at_work: bool, now: datetime) -> datetime:
    """When a case that is opened now must have been decided."""
    return now + term(terms, priority, at_work=at_work)


def half_way(begins: datetime, ends: datetime) -> datetime:
    """When whoever is on duty is called once more."""
    return begins + (ends - begins) / 2


def further_up(opened: datetime, due: datetime) -> timedelta:
    """How long each next one up has: half as long as the first, and never less than ten minutes."""
    return max(SHORTEST, (due - opened) / 2)


def answer_by(urgency: Urgency, *, zone: ZoneInfo, at_work_from: datetime, holidays: frozenset[date], now: datetime) -> datetime:
    """When a professional must have said that they saw it. `at_work_from` is when somebody is there: now, or later.

    Two days are working days: they end at the close of the second day on which people work.
    """
    match urgency:
        case Urgency.TODAY:
            return max(now, at_work_from) + TODAY
        case Urgency.TWO_DAYS:
            return _working_days_on(now.astimezone(zone), 2, holidays).astimezone(UTC)
        case Urgency.NEXT_CONTACT:
            return now + NEXT_CONTACT


def _working_days_on(local: datetime, days: int, holidays: frozenset[date]) -> datetime:
    day = local.date()
    while days:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            days -= 1
    return datetime.combine(day, OFFICE_CLOSES, local.tzinfo)


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def office_opens(local: datetime, holidays: frozenset[date]) -> datetime:
    """The first instant from then on at which an office is open: of an organisation that wrote no roster."""
    day = local.date()
    for _ in range(30):
        opens, closes = (datetime.combine(day, at, local.tzinfo) for at in (OFFICE_OPENS, OFFICE_CLOSES))
        if is_working_day(day, holidays) and local < closes:
            return max(local, opens)
        day += timedelta(days=1)
    return local + timedelta(days=1)
