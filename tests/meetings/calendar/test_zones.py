"""The time zones of a calendar against the time zone database, as dateutil reads them: a reader that is not ours."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]  # a test alone reads with it
from icalendar import Timezone

from meetings.calendar.zones import time_zone

FIRST, LAST = date(2026, 1, 5), date(2029, 1, 1)


def read_by_another(zone: Timezone) -> tzinfo | None:
    text = zone.to_ical().decode().replace("\r\n", "\n")
    read: tzinfo | None = tzical(StringIO(text)).get(str(zone["TZID"]))
    return read


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Brussels", "Europe/London", "Europe/Istanbul", "Africa/Casablanca", "Africa/Cairo", "America/New_York", "America/Santiago",
        "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kolkata", "America/St_Johns", "UTC",
    ],
)  # fmt: skip
def test_reads_every_clock_as_the_database_does_before_and_after_each_change(name: str) -> None:
    zone, theirs = ZoneInfo(name), read_by_another(time_zone(name, first=FIRST, last=LAST))

    wrong = [
        clock for clock in clocks_around_changes(zone) if clock.replace(tzinfo=theirs).utcoffset() != clock.replace(tzinfo=zone).utcoffset()
    ]

    assert not wrong


def clocks_around_changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Every day at noon, and on a day with a change every five minutes; not what a clock skips or shows twice."""
    day = datetime(2026, 1, 6)  # noqa: DTZ001 - what clocks show
    while day < datetime(2028, 12, 30):  # noqa: DTZ001 - as above
        changes = day.replace(tzinfo=zone).utcoffset() != (day + timedelta(days=1)).replace(tzinfo=zone).utcoffset()
        for minutes in range(0, 24 * 60, 5) if changes else [12 * 60]:
            clock = day + timedelta(minutes=minutes)
            if len({clock.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}) == 1:
                yield clock
        day += timedelta(days=1)


def test_carries_only_the_years_that_are_asked_for() -> None:
    one_winter = time_zone("Europe/Brussels", first=date(2026, 11, 2), last=date(2027, 1, 1)).to_ical()

    assert len(one_winter) < 200
    assert b"COMMENT" not in one_winter


def test_puts_an_onset_on_the_clock_that_is_about_to_change() -> None:
    onsets = {part.DTSTART for part in time_zone("Europe/Brussels", first=FIRST, last=LAST).subcomponents}

    assert onsets == {datetime(2026, 1, 5), datetime(2026, 3, 29, 2), datetime(2026, 10, 25, 3)}  # noqa: DTZ001 - as clocks show it


def test_misses_no_change_that_is_undone_within_weeks() -> None:
    ramadan = time_zone("Africa/Casablanca", first=FIRST, last=LAST).to_ical()

    assert ramadan.count(b"2026") + ramadan.count(b"2027") + ramadan.count(b"2028") == 1 + 6
