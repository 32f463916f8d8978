"""Local time, zone and instant, where clocks go forward and back."""

# ruff: noqa: DTZ001 - what a clock shows has no zone

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from chat.frames import AskedTime, DateChange, MeetingTime
from core.errors import Invalid
from meetings import times
from meetings.errors import BadDuration, BadTime, NoSuchDate, TimeDoesNotExist, TimeIsAmbiguous
from tests.meetings.plans import ZONE, act, agreed, proposal, series, utc

ODD_ZONES = [
    "Europe/Brussels",
    "America/New_York",  # changes on other Sundays
    "Asia/Gaza",  # changes by decree, around Ramadan
    "Africa/Casablanca",  # goes back for Ramadan, and forward after it
    "Australia/Lord_Howe",  # half an hour
    "America/St_Johns",
    "Asia/Kathmandu",  # no summer time, and a quarter of an hour
    "Europe/Istanbul",
    "Africa/Cairo",  # changes at midnight
    "America/Santiago",
    "Pacific/Apia",
    "UTC",
]


def resolved(start: str, zone: str = ZONE, **but: int) -> MeetingTime:
    return times.resolved(AskedTime(start=start, **but), zone)


class TestLocalTimes:
    def test_are_read_as_the_clock_shows_them(self) -> None:
        assert times.local_of("2026-11-25T14:00") == datetime(2026, 11, 25, 14)

    @pytest.mark.parametrize(
        "start",
        [
            "", "x", "2026-11-25", "2026-11-25 14:00", "2026-11-25T14:00\n", "2026-11-25T14:00Z", "2026-11-25T14:00:00", "2026-02-29T10:00",
            "2026-13-01T10:00", "2026-11-25T24:00", "2026-11-25T14:60", "20261125T1400", "\uff12\uff10\uff12\uff16-11-25T14:00", "0000-01-01T00:00",
            "0001-01-01T00:00", "9999-12-31T23:59", "-026-11-25T14:00", "2026-W48-3T14:00", "2026-11-25T14:00" * 1000,
        ],
    )  # fmt: skip
    def test_of_any_other_form_are_refused(self, start: str) -> None:
        with pytest.raises(BadTime):
            times.local_of(start)

    def test_know_the_leap_day_of_a_leap_year(self) -> None:
        assert resolved("2028-02-29T10:00").at == utc("2028-02-29T09:00")


class TestDates:
    def test_are_read(self) -> None:
        assert times.day_of("2026-11-25").isoformat() == "2026-11-25"

    @pytest.mark.parametrize(
        "text", ["", "2026-11-31", "20261125", "2026-W48-3", "9999-12-31", "2026-11-25\n", "\uff12\uff10\uff12\uff16-11-25"]
    )
    def test_of_any_other_form_are_no_date_of_a_series(self, text: str) -> None:
        with pytest.raises(NoSuchDate):
            times.day_of(text)


class TestATimeSomebodyAsksFor:
    def test_is_the_instant_that_the_zone_says(self) -> None:
        assert resolved("2026-11-25T14:00", minutes=90) == MeetingTime(start="2026-11-25T14:00", minutes=90, at=utc("2026-11-25T13:00"))

    @pytest.mark.parametrize(
        ("start", "zone", "shown"),
        [
            ("2026-03-29T02:30", "Europe/Brussels", "2026-03-29T03:30"),
            ("2027-03-28T02:00", "Europe/Brussels", "2027-03-28T03:00"),
            ("2026-03-08T02:30", "America/New_York", "2026-03-08T03:30"),
            ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-04T02:45"),
            ("2026-04-24T00:30", "Africa/Cairo", "2026-04-24T01:30"),
            ("2011-12-30T12:00", "Pacific/Apia", "2011-12-31T12:00"),
        ],
    )
    def test_that_the_clock_skips_is_refused_with_what_it_shows_instead(self, start: str, zone: str, shown: str) -> None:
        with pytest.raises(TimeDoesNotExist) as refusal:
            resolved(start, zone, fold=1)

        assert refusal.value.facts == {"next": shown}

    @pytest.mark.parametrize("start", ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T01:59", "2026-10-25T03:00"])
    def test_just_beside_a_change_is_as_good_as_any(self, start: str) -> None:
        assert times.start_of(times.shown_at(resolved(start).at, ZONE)) == start

    @pytest.mark.parametrize(
        ("start", "zone", "first", "second"),
        [
            ("2026-10-25T02:30", "Europe/Brussels", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
            ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"),
            ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"),
        ],
    )
    def test_that_the_clock_shows_twice_is_asked_back_with_both(self, start: str, zone: str, first: str, second: str) -> None:
        with pytest.raises(TimeIsAmbiguous) as refusal:
            resolved(start, zone)

        assert refusal.value.facts == {"instants": [first, second]}
        assert f"{resolved(start, zone, fold=0).at:%Y-%m-%dT%H:%M:%SZ}" == first
        assert f"{resolved(start, zone, fold=1).at:%Y-%m-%dT%H:%M:%SZ}" == second

    def test_takes_a_needless_fold(self) -> None:
        assert resolved("2026-11-25T14:00", fold=1) == resolved("2026-11-25T14:00")

    @pytest.mark.parametrize("minutes", [-60, 0, 4, 1441, 366 * 1440])
    def test_takes_five_minutes_to_a_day(self, minutes: int) -> None:
        with pytest.raises(BadDuration):
            resolved("2026-11-25T14:00", minutes=minutes)

    @pytest.mark.parametrize("minutes", [5, 1440])
    def test_may_take_just_that(self, minutes: int) -> None:
        assert resolved("2026-11-25T14:00", minutes=minutes).minutes == minutes

    @pytest.mark.parametrize(
        "zone", ["", "Europe/Gent", "../../etc/passwd", "/etc/localtime", "europe/brussels", "UTC+1", "x" * 4096, "A\0"]
    )
    def test_is_in_a_zone_that_there_is(self, zone: str) -> None:
        with pytest.raises(Invalid):
            resolved("2026-11-25T14:00", zone)

    @given(zone=st.sampled_from(ODD_ZONES), local=st.datetimes(datetime(2020, 1, 1), datetime(2045, 1, 1)))
    def test_is_shown_by_the_clock_at_its_instant_or_refused(self, zone: str, local: datetime) -> None:
        start = times.start_of(local)

        try:
            time = resolved(start, zone, fold=0)
        except TimeDoesNotExist as refusal:
            later = times.local_of(refusal.facts["next"])
            assert later > times.local_of(start)
            assert times.shown_at(times.at_on(times.local_of(start), zone), zone) == later
        else:
            assert times.start_of(time.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) == start
            assert times.at_on(times.local_of(start), zone) == time.at


class TestATimeOfASeries:
    def test_that_the_clock_skips_is_as_much_later(self) -> None:
        assert times.at_on(datetime(2026, 3, 29, 2, 30), ZONE) == utc("2026-03-29T01:30")

    def test_that_the_clock_shows_twice_is_the_first(self) -> None:
        assert times.at_on(datetime(2026, 10, 25, 2, 30), ZONE) == utc("2026-10-25T00:30")


class TestANewerTimeZoneDatabase:
    def test_changes_nothing_when_the_instants_are_right(self) -> None:
        meeting = agreed(series())

        assert times.recomputed(meeting) is meeting

    def test_keeps_the_clock_and_moves_the_instant(self) -> None:
        right = act(agreed(series()), "move", "2026-12-03T10:00", by=2, date="2026-12-02")
        late = timedelta(hours=1)
        wrong = structs.replace(
            right,
            times=[structs.replace(time, at=time.at + late) for time in right.times],
            changes=[
                structs.replace(change, time=structs.replace(change.time, at=change.time.at + late))  # type: ignore[type-var, union-attr]  # its time is there
                for change in right.changes
            ],
        )

        assert times.recomputed(wrong) == right

    def test_leaves_a_date_alone_that_has_no_time_of_its_own(self) -> None:
        meeting = act(agreed(series()), "cancel", by=2, date="2026-12-02")

        assert times.recomputed(meeting).changes == [DateChange(date="2026-12-02", cancelled=True)]

    @pytest.mark.parametrize("fold", [0, 1])
    def test_keeps_the_one_of_two_instants_that_was_chosen(self, fold: int) -> None:
        meeting = proposal(AskedTime(start="2027-10-31T02:30", fold=fold))

        assert times.recomputed(meeting) == meeting

    @pytest.mark.parametrize("hours", [0, 1])
    def test_puts_a_time_that_the_clock_now_skips_where_it_can_be_shown(self, hours: int) -> None:
        meeting = proposal("2027-03-28T03:30")
        before = meeting.times[0].at - timedelta(hours=hours)
        skipped = structs.replace(meeting, times=[structs.replace(meeting.times[0], start="2027-03-28T02:30", at=before)])

        assert times.recomputed(skipped).times[0].at == meeting.times[0].at
