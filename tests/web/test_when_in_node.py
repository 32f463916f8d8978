"""The dates of a series, as the page finds them offline, run by node: the same as those that the server finds."""

import json
import random
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chat.frames import DateChange, Meeting, MeetingTime
from chat.lite import meetings
from meetings.dates import out_of_dates
from meetings.holidays import is_holiday
from meetings.occurrences import Occurrence, occurrences
from meetings.times import at_on, local_of, start_of

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")

ZONE = "Europe/Brussels"
MOST = 4
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def time_of(local: datetime, minutes: int) -> MeetingTime:
    return MeetingTime(start=start_of(local), minutes=minutes, at=at_on(local, ZONE))


def some_series(chance: random.Random) -> Meeting:
    """A series with exceptions of every sort, none of them beyond its rule."""
    local = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(days=chance.randrange(400), hours=chance.randrange(8, 21))
    every = chance.choice([1, 2])
    first = local.date()
    until = first + timedelta(days=chance.randrange(300))
    ends = chance.choice(["", f";COUNT={chance.randrange(1, 30)}", f";UNTIL={until:%Y%m%d}"])
    series = Meeting(
        number=1,
        version=1,
        act="accept",
        state="agreed",
        proposer=1,
        zone=ZONE,
        times=[time_of(local, 60)],
        repeat=f"FREQ=WEEKLY{';INTERVAL=2' if every == 2 else ''}{ends}",
        on_holidays=chance.random() < 0.3,
        yes=[1, 2],
        no=chance.choice([[], [3]]),
    )
    planned = [one.date for one in occurrences(series, start=series.times[0].at, end=series.times[0].at + timedelta(days=200))]
    changed = sorted({str(day) for day in chance.sample(planned, min(len(planned), chance.randrange(4)))})
    changes = [_change(chance, day, local) for day in changed]
    after = msgspec.structs.replace(series, changes=changes)
    return out_of_dates(after, 3) if chance.random() < 0.2 else after


def _change(chance: random.Random, day: str, local: datetime) -> DateChange:
    moved = datetime.combine(date.fromisoformat(day), local.time()) + timedelta(days=chance.randrange(-3, 12), hours=chance.choice([0, 1]))
    sort = chance.choice(["cancelled", "moved", "answered"])
    if sort == "cancelled":
        return DateChange(date=day, cancelled=True)
    answers: dict[str, Any] = {"yes": chance.choice([[1], [1, 2], [3]]), "no": chance.choice([[], [2], [4]])}
    answers["no"] = [one for one in answers["no"] if one not in answers["yes"]]
    return DateChange(date=day, **answers) if sort == "answered" else DateChange(date=day, time=time_of(moved, 45), **answers)


def minutes_of(time: MeetingTime) -> int:
    return int((local_of(time.start) - _ZERO.replace(tzinfo=None)).total_seconds()) // 60


def as_the_page_says(one: Occurrence) -> dict[str, Any]:
    return {
        "date": (date.fromisoformat(str(one.date)) - _ZERO.date()).days,
        "start": minutes_of(one.time),
        "minutes": one.time.minutes,
        "yes": sorted(one.yes),
        "no": sorted(one.no),
        "isOn": one.goes_ahead,
    }


def found_by_the_page(cases: list[tuple[Meeting, datetime]]) -> list[list[dict[str, Any]]]:
    said = [{"values": meetings.written(meeting), "now": now.timestamp(), "most": MOST} for meeting, now in cases]
    ran = subprocess.run(["node", "tests/web/when.mjs"], input=json.dumps(said), capture_output=True, check=True, text=True, timeout=60)
    return [
        [
            {
                "date": one["date"], "start": one["time"][0], "minutes": one["time"][1], "yes": sorted(one["yes"]), "no": sorted(one["no"]),
                "isOn": not one["isOff"] and len(one["yes"]) > 1,
            }
            for one in found
        ]
        for found in json.loads(ran.stdout)
    ]  # fmt: skip


class TestUpcoming:
    def test_finds_the_dates_that_the_server_finds(self) -> None:
        chance = random.Random(7)
        cases = [(some_series(chance), datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=chance.randrange(500))) for _ in range(400)]

        compared = 0
        for (meeting, now), mine in zip(cases, found_by_the_page(cases), strict=True):
            theirs = [
                as_the_page_says(one)
                for one in occurrences(meeting, start=now - timedelta(days=1), end=now + timedelta(days=400))
                if one.time.at + timedelta(minutes=one.time.minutes) > now
            ]
            by_date = {one["date"]: one for one in theirs}
            for one in mine:
                assert one == by_date[one["date"]], (meeting, now)
                compared += 1
            assert len(mine) == min(MOST, len(theirs)), (meeting, now)
        assert compared > 800

    def test_skips_the_holidays_of_belgium_for_years(self) -> None:
        days = [date(year, 1, 1) + timedelta(days=n) for year in range(2026, 2036) for n in range(365)]
        at = {day: Meeting(
            number=1, version=1, act="accept", state="agreed", proposer=1, zone=ZONE, yes=[1, 2], repeat="FREQ=WEEKLY;COUNT=1",
            times=[time_of(datetime(day.year, day.month, day.day, 12), 60)],  # noqa: DTZ001  # on the clock of the zone
        ) for day in days}  # fmt: skip

        found = found_by_the_page([(at[day], at[day].times[0].at - timedelta(hours=1)) for day in days])

        assert {day for day, (one,) in zip(days, found, strict=True) if not one["isOn"]} == {day for day in days if is_holiday(day, ZONE)}
