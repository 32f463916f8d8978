"""Weekly and two-weekly rules, beside another's reading of RFC 5545."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped] # the library brings no types
from hypothesis import assume, given
from hypothesis import strategies as st

from meetings import repeats
from meetings.errors import BadRepeat
from meetings.repeats import Rule, rule_of, text_of

WEDNESDAY = date(2026, 11, 25)
WEEK = timedelta(days=7)
FOREVER = date(9998, 12, 31)

days = st.dates(date(2024, 1, 1), date(2040, 12, 31))
rules = st.one_of(
    st.builds(Rule, every=st.sampled_from([1, 2])),
    st.builds(Rule, every=st.sampled_from([1, 2]), count=st.integers(1, repeats.MOST_DATES)),
    st.builds(Rule, every=st.sampled_from([1, 2]), until=days),
)


def dates(rule: str, start: date = WEDNESDAY, end: date = FOREVER, *, first: date = WEDNESDAY) -> Iterator[date]:
    return repeats.dates(first, rule_of(rule), start, end)


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python something takes."""
    taken, before = 0, sys.gettrace()

    def tracer(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal taken
        taken += event == "line"
        return tracer

    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return taken


class TestARule:
    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            ("FREQ=WEEKLY", Rule()),
            ("RRULE:FREQ=WEEKLY", Rule()),
            ("FREQ=WEEKLY;INTERVAL=1", Rule()),
            ("FREQ=WEEKLY;INTERVAL=2", Rule(every=2)),
            ("INTERVAL=2;FREQ=WEEKLY", Rule(every=2)),
            ("FREQ=WEEKLY;COUNT=1", Rule(count=1)),
            ("FREQ=WEEKLY;COUNT=104;INTERVAL=2", Rule(every=2, count=104)),
            ("FREQ=WEEKLY;UNTIL=20270630", Rule(until=date(2027, 6, 30))),
            ("RRULE:UNTIL=20280229T235959Z;INTERVAL=2;FREQ=WEEKLY", Rule(every=2, until=date(2028, 2, 29))),
        ],
    )
    def test_is_read(self, text: str, rule: Rule) -> None:
        assert rule_of(text) == rule

    @given(rule=rules)
    def test_is_written_so_that_it_is_read_the_same(self, rule: Rule) -> None:
        assert rule_of(text_of(rule)) == rule

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "RRULE:",
            "WEEKLY",
            "FREQ=",
            "FREQ=SECONDLY",
            "FREQ=MINUTELY;COUNT=5",
            "FREQ=DAILY",
            "FREQ=MONTHLY",
            "FREQ=YEARLY",
            "INTERVAL=2",
            "COUNT=5",
            "freq=weekly",
            "FREQ=weekly",
            "Freq=Weekly",
            "rrule:FREQ=WEEKLY",
            "RRULE:RRULE:FREQ=WEEKLY",
            "FREQ=WEEKLY;",
            ";FREQ=WEEKLY",
            "FREQ=WEEKLY;;COUNT=5",
            " FREQ=WEEKLY",
            "FREQ=WEEKLY\n",
            "FREQ=WEEKLY;\r\n COUNT=5",
            "FREQ=WEEKLY\nRRULE:FREQ=SECONDLY",
            "FREQ=WEEKLY;FREQ=WEEKLY",
            "FREQ=WEEKLY;FREQ=SECONDLY",
            "FREQ=SECONDLY;FREQ=WEEKLY",
            "FREQ=WEEKLY;INTERVAL=1;INTERVAL=2",
            "FREQ=WEEKLY;COUNT=5;COUNT=6",
            "FREQ=WEEKLY;UNTIL=20270101;UNTIL=20270101",
            "FREQ=WEEKLY;INTERVAL=0",
            "FREQ=WEEKLY;INTERVAL=-1",
            "FREQ=WEEKLY;INTERVAL=3",
            "FREQ=WEEKLY;INTERVAL=02",
            "FREQ=WEEKLY;INTERVAL=1e9",
            "FREQ=WEEKLY;COUNT=0",
            "FREQ=WEEKLY;COUNT=-1",
            "FREQ=WEEKLY;COUNT=105",
            "FREQ=WEEKLY;COUNT=999999999999",
            "FREQ=WEEKLY;COUNT=\u0665",
            "FREQ=WEEKLY;COUNT=5;UNTIL=20270101",
            "FREQ=WEEKLY;UNTIL=20270101;COUNT=5",
            "FREQ=WEEKLY;UNTIL=20270230",
            "FREQ=WEEKLY;UNTIL=20271301",
            "FREQ=WEEKLY;UNTIL=00010101",
            "FREQ=WEEKLY;UNTIL=99991231",
            "FREQ=WEEKLY;UNTIL=20270101T000000",
            "FREQ=WEEKLY;UNTIL=20270101T250000Z",
            "FREQ=WEEKLY;UNTIL=20270101T235960Z",
            "FREQ=WEEKLY;UNTIL=2027-01-01",
            "FREQ=WEEKLY;UNTIL=tomorrow",
            "FREQ=WEEKLY;BYDAY=WE",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            "FREQ=WEEKLY;BYDAY=5000WE",
            "FREQ=WEEKLY;BYSECOND=0,1,2,3",
            "FREQ=WEEKLY;BYSETPOS=1",
            "FREQ=WEEKLY;WKST=MO",
            "FREQ=WEEKLY;X-BOMB=1",
            "EXDATE:20270101",
            "FREQ=WEEKLY" + ";INTERVAL=1" * 1000,
            "FREQ=WEEKLY;COUNT=" + "9" * 10_000,
            "RRULE:" * 2000,
            "A=" * 5000 + "FREQ=WEEKLY",
            "\0",
        ],
    )
    def test_of_any_other_kind_is_refused(self, text: str) -> None:
        with pytest.raises(BadRepeat):
            rule_of(text)

    @given(
        text=st.lists(
            st.sampled_from(["FREQ=WEEKLY", "FREQ=DAILY", "INTERVAL=2", "COUNT=9", "UNTIL=20270101", "BYDAY=WE", "", "RRULE:"])
        ).map(";".join)
    )
    def test_is_never_anything_but_a_rule_or_a_refusal(self, text: str) -> None:
        try:
            rule = rule_of(text)
        except BadRepeat:
            return
        assert sorted(text.removeprefix("RRULE:").split(";")) == sorted({*text_of(rule).split(";")})


class TestAnUntilThatIsAnInstant:
    """Of a series at 18:00 in Brussels, which is 17:00 UTC in winter."""

    @pytest.mark.parametrize(
        ("until", "last"),
        [
            ("20261209T170000Z", date(2026, 12, 9)),
            ("20261209T165959Z", date(2026, 12, 8)),
            ("20261209T230000Z", date(2026, 12, 9)),
            ("20270630T160000Z", date(2027, 6, 30)),
            ("20270630T155959Z", date(2027, 6, 29)),
        ],
    )
    def test_includes_the_meeting_that_begins_just_then(self, until: str, last: date) -> None:
        assert rule_of(f"FREQ=WEEKLY;UNTIL={until}", zone="Europe/Brussels", clock=time(18)).until == last

    @given(
        zone=st.sampled_from(["Europe/Brussels", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe"]),
        clock=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
        until=st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC)),  # noqa: DTZ001 - it gets one
        every=st.sampled_from([1, 2]),
    )
    def test_ends_a_series_where_another_reader_ends_it(self, zone: str, clock: time, until: datetime, every: int) -> None:
        text = f"FREQ=WEEKLY;INTERVAL={every};UNTIL={until:%Y%m%dT%H%M%SZ}"
        begins = datetime.combine(WEDNESDAY, clock, ZoneInfo(zone))

        ours = list(repeats.dates(WEDNESDAY, rule_of(text, zone=zone, clock=clock), WEDNESDAY, FOREVER))

        theirs = [at.date() for at in rrulestr(text, dtstart=begins)]
        shifted = {day for day in {*ours} ^ {*theirs} if not _is_shown(datetime.combine(day, clock, ZoneInfo(zone)))}
        assert {*ours} ^ {*theirs} <= shifted


def _is_shown(local: datetime) -> bool:
    """Whether the clock shows it once; of other times the two readers may think differently."""
    return local.astimezone(UTC).astimezone(local.tzinfo) == local and local.utcoffset() == local.replace(fold=1).utcoffset()


class TestTheDatesOfASeries:
    def test_are_every_week_from_its_first(self) -> None:
        assert list(islice(dates("FREQ=WEEKLY"), 3)) == [WEDNESDAY, WEDNESDAY + WEEK, WEDNESDAY + 2 * WEEK]

    def test_are_every_second_week_also_across_a_year_of_53_weeks(self) -> None:
        first = date(2026, 12, 23)

        around = list(dates("FREQ=WEEKLY;INTERVAL=2", first, date(2027, 1, 31), first=first))

        assert around == [first, date(2027, 1, 6), date(2027, 1, 20)]

    def test_keep_to_their_own_weeks_years_later(self) -> None:
        later = list(dates("FREQ=WEEKLY;INTERVAL=2", date(2031, 3, 1), date(2031, 3, 31)))

        assert later == [date(2031, 3, 12), date(2031, 3, 26)]
        assert all((day - WEDNESDAY).days % 14 == 0 for day in later)

    def test_of_a_leap_day_go_on_the_week_after(self) -> None:
        first = date(2028, 2, 29)

        assert list(dates("FREQ=WEEKLY;COUNT=2", first, FOREVER, first=first)) == [first, date(2028, 3, 7)]

    def test_are_counted_with_the_first(self) -> None:
        assert len(list(dates("FREQ=WEEKLY;COUNT=10"))) == 10

    def test_are_counted_from_the_first_whatever_is_looked_at(self) -> None:
        assert list(dates("FREQ=WEEKLY;COUNT=3", WEDNESDAY + 2 * WEEK)) == [WEDNESDAY + 2 * WEEK]
        assert list(dates("FREQ=WEEKLY;COUNT=3", WEDNESDAY + 3 * WEEK)) == []

    def test_go_on_to_their_last_day_with_that(self) -> None:
        assert list(dates("FREQ=WEEKLY;UNTIL=20261209"))[-1] == date(2026, 12, 9)
        assert list(dates("FREQ=WEEKLY;UNTIL=20261208"))[-1] == date(2026, 12, 2)

    def test_are_none_before_the_first(self) -> None:
        assert list(dates("FREQ=WEEKLY", date(2020, 1, 1), WEDNESDAY - timedelta(days=1))) == []
        assert list(dates("FREQ=WEEKLY;UNTIL=20261101")) == []

    def test_include_both_ends_of_what_is_looked_at(self) -> None:
        assert list(dates("FREQ=WEEKLY", WEDNESDAY, WEDNESDAY + WEEK)) == [WEDNESDAY, WEDNESDAY + WEEK]

    def test_take_as_long_as_what_is_looked_at_however_old_the_series_is(self) -> None:
        young = steps(lambda: list(dates("FREQ=WEEKLY", date(2027, 1, 1), date(2027, 1, 28))))
        old = steps(lambda: list(dates("FREQ=WEEKLY", date(9000, 1, 1), date(9000, 1, 28), first=date(1970, 1, 1))))

        assert young == old

    @given(first=days, rule=rules, start=days, width=st.integers(0, 800))
    def test_are_those_that_another_reader_finds(self, first: date, rule: Rule, start: date, width: int) -> None:
        end = start + timedelta(days=width)
        series = rrulestr(text_of(rule), dtstart=datetime.combine(first, time()))

        ours = list(repeats.dates(first, rule, start, end))

        assert ours == [at.date() for at in series.between(datetime.combine(start, time()), datetime.combine(end, time()), inc=True)]

    @given(first=days, rule=rules)
    def test_end_with_the_last(self, first: date, rule: Rule) -> None:
        last = repeats.last_date(first, rule)
        assume(last is not None and last >= first)

        assert last == list(repeats.dates(first, rule, first, FOREVER))[-1]

    @given(rule=rules, over=st.integers(0, 200))
    def test_that_remain_are_fewer_by_those_that_are_over(self, rule: Rule, over: int) -> None:
        less = rule.less(over)

        assert (less.every, less.until) == (rule.every, rule.until)
        assert less.count == (None if rule.count is None else max(1, rule.count - over))
