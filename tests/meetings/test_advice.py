"""What is unwise about a time, for one person."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from chat.frames import AskedTime
from meetings.advice import warnings
from meetings.times import resolved
from tests.meetings.plans import ZONE, utc

NEVER = (time(0), time(0))
NIGHT = (time(22), time(7))


def about(start: str = "2026-11-25T14:00", *, minutes: int = 60, zone: str = ZONE, **but: Any) -> list[str]:
    return list(warnings(resolved(AskedTime(start=start, minutes=minutes), ZONE), zone, **{"own": [], "quiet": NEVER, **but}))


def hours(first: str, last: str) -> list[tuple[datetime, datetime]]:
    return [(utc(f"2026-11-25T{first}"), utc(f"2026-11-25T{last}"))]


class TestAdvice:
    def test_is_silent_about_a_good_time(self) -> None:
        assert about(quiet=NIGHT, own=hours("08:00", "09:00"), away=[(date(2026, 12, 1), date(2026, 12, 9))]) == []

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            ("13:00", "14:00", ["clash"]),
            ("12:00", "13:01", ["clash"]),
            ("13:59", "15:00", ["clash"]),
            ("13:10", "13:20", ["clash"]),
            ("10:00", "20:00", ["clash"]),
            ("12:00", "13:00", ["tight"]),
            ("12:00", "12:31", ["tight"]),
            ("12:00", "12:30", []),
            ("14:00", "15:00", ["tight"]),
            ("14:29", "15:00", ["tight"]),
            ("14:30", "15:00", []),
        ],
    )
    def test_knows_the_persons_other_meetings_and_the_way_between(self, first: str, last: str, said: list[str]) -> None:
        assert about(own=hours(first, last)) == said

    def test_leaves_as_much_time_for_the_way_as_is_asked(self) -> None:
        assert about(own=hours("12:00", "12:30"), buffer_minutes=31) == ["tight"]
        assert about(own=hours("12:00", "13:00"), buffer_minutes=0) == []

    @pytest.mark.parametrize(
        ("start", "quiet", "is_quiet"),
        [
            ("2026-11-25T21:00", NIGHT, False),
            ("2026-11-25T21:01", NIGHT, True),
            ("2026-11-25T23:30", NIGHT, True),
            ("2026-11-25T06:59", NIGHT, True),
            ("2026-11-25T07:00", NIGHT, False),
            ("2026-11-25T13:30", (time(12), time(14)), True),
            ("2026-11-25T14:00", (time(12), time(14)), False),
            ("2026-11-25T11:00", (time(12), time(14)), False),
            ("2026-11-25T03:00", NEVER, False),
            ("2026-11-25T23:30", (time(0), time(6)), True),  # it ends in tomorrow's
        ],
    )
    def test_knows_quiet_hours_also_past_midnight(self, start: str, quiet: tuple[time, time], is_quiet: bool) -> None:
        assert about(start, quiet=quiet) == (["quiet_hours"] if is_quiet else [])

    def test_reads_quiet_hours_on_the_persons_own_clock(self) -> None:
        assert about("2026-11-25T14:00", zone="America/New_York", quiet=(time(8), time(9))) == ["quiet_hours"]

    def test_knows_holidays(self) -> None:
        assert about("2026-12-25T14:00") == ["holiday"]
        assert about("2026-12-25T14:00", zone="UTC") == []

    @pytest.mark.parametrize(("first", "last"), [("2026-11-25", "2026-11-25"), ("2026-11-20", "2026-11-25"), ("2026-11-25", "2026-11-30")])
    def test_knows_when_the_person_is_away_with_the_first_day_and_the_last(self, first: str, last: str) -> None:
        absence = (date.fromisoformat(first), date.fromisoformat(last))

        assert about(away=[absence]) == ["away"]
        assert about(away=[tuple(day + timedelta(days=20) for day in absence)]) == []

    def test_says_all_there_is_in_one_order(self) -> None:
        christmas = [(utc("2026-12-25T22:30"), utc("2026-12-25T23:00"))]

        said = about("2026-12-25T23:00", own=christmas, quiet=NIGHT, away=[(date(2026, 12, 24), date(2026, 12, 26))])

        assert said == ["clash", "quiet_hours", "holiday", "away"]
