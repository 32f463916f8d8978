"""Weekly and two-weekly series: the small part of RFC 5545 §3.3.10 that people need. Everything else is refused unread."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from meetings.errors import BadRepeat
from meetings.times import at_on, shown_at

MOST_DATES = 104  # of a COUNT: two years of weeks
_LONGEST = 80  # characters; the longest good rule has 57
_RULE = re.compile(
    r"(?:RRULE:)?"
    r"(?=(?:[A-Z]+=[0-9A-Z]+;)*FREQ=WEEKLY(?:;|\Z))"
    r"(?:(?:FREQ=WEEKLY|INTERVAL=(?P<every>[12])|COUNT=(?P<count>[1-9][0-9]{0,2})|UNTIL=(?P<until>2[01][0-9]{6}(?:T[0-9]{6}Z)?))(?:;(?!\Z)|\Z))+"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Each week or `every` second one, for ever, or to `until` (its last day), or `count` times with the first."""

    every: int = 1
    until: date | None = None
    count: int | None = None

    @property
    def days(self) -> int:
        return 7 * self.every

    def less(self, dates: int) -> "Rule":
        """The rule of what remains after some dates of a COUNT; one remains always."""
        return self if self.count is None else replace(self, count=max(1, self.count - dates))


def rule_of(text: str, *, zone: str = "UTC", clock: time = time.min) -> Rule:
    """The rule that a text says, of a series at `clock` in `zone`, by which an UNTIL that is an instant becomes its last day. :raises BadRepeat:"""
    said = _RULE.fullmatch(text) if len(text) <= _LONGEST else None
    if said is None or _says_twice(text):
        raise BadRepeat
    every, count, until = said["every"], said["count"], said["until"]
    if (count and until) or int(count or 1) > MOST_DATES:
        raise BadRepeat
    return Rule(
        every=int(every or 1),
        until=_last_day(until, zone, clock) if until else None,
        count=int(count) if count else None,
    )


def text_of(rule: Rule) -> str:
    """A rule in the one way that we write it; UNTIL is a day of the meeting's zone."""
    parts = ["FREQ=WEEKLY"]
    if rule.every != 1:
        parts.append(f"INTERVAL={rule.every}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={rule.until:%Y%m%d}")
    return ";".join(parts)


def dates(first: date, rule: Rule, start: date, end: date) -> Iterator[date]:
    """The dates of a series from `start` to `end`, both included; takes as long as that window is, however old the series."""
    last = last_date(first, rule)
    begin = max(0, -(-(start - first).days // rule.days))
    finish = end if last is None else min(end, last)
    for day in range(first.toordinal() + begin * rule.days, finish.toordinal() + 1, rule.days):
        yield date.fromordinal(day)


def last_date(first: date, rule: Rule) -> date | None:
    """The last date of a series, none when it has no end; before the first when there is no date at all."""
    if rule.count is not None:
        return first + timedelta(days=(rule.count - 1) * rule.days)
    if rule.until is None:
        return None
    return first + timedelta(days=(rule.until - first).days // rule.days * rule.days)


def _says_twice(text: str) -> bool:
    names = [part.partition("=")[0] for part in text.removeprefix("RRULE:").split(";")]
    return len(names) != len(set(names))


def _last_day(until: str, zone: str, clock: time) -> date:
    try:
        if len(until) == len("20261231"):
            return datetime.strptime(until, "%Y%m%d").replace(tzinfo=UTC).date()
        at = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadRepeat from None
    day = shown_at(at, zone).date()
    return day if at_on(datetime.combine(day, clock), zone) <= at else day - timedelta(days=1)
