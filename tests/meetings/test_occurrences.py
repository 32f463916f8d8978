"""When a meeting takes place, and why not."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.frames import AskedTime, Meeting
from meetings.errors import TimeDoesNotExist
from meetings.occurrences import Away, Occurrence, occurrences
from meetings.times import local_of, shown_at, start_of
from tests.meetings.plans import ANNEMIE, FATIMA, FRIDAY, GROUP, JEF, MIA, NOW, THURSDAY, WEDNESDAY, act, agreed, proposal, series, utc

YEAR = timedelta(days=366)


def all_of(meeting: Meeting, away: Away | None = None) -> list[Occurrence]:
    return occurrences(meeting, start=NOW - YEAR, end=NOW + 2 * YEAR, away=away)


def on(meeting: Meeting, day: str, away: Away | None = None) -> Occurrence:
    (found,) = [one for one in all_of(meeting, away) if one.date == day]
    return found


class TestASingleMeeting:
    def test_that_is_agreed_takes_place_once(self) -> None:
        meeting = agreed(proposal(WEDNESDAY, THURSDAY), choice=2)

        (only,) = all_of(meeting)

        assert (only.date, only.time.start, only.goes_ahead, only.why_not) == (None, THURSDAY, True, "")
        assert only.yes == {FATIMA, ANNEMIE}

    def test_that_is_proposed_may_take_place_at_each_time_in_order(self) -> None:
        found = all_of(proposal(FRIDAY, WEDNESDAY, THURSDAY))

        assert [(one.time.start, one.goes_ahead, one.why_not) for one in found] == [
            (WEDNESDAY, False, "unanswered"),
            (THURSDAY, False, "unanswered"),
            (FRIDAY, False, "unanswered"),
        ]

    @pytest.mark.parametrize(("name", "why_not"), [("decline", "declined"), ("cancel", "cancelled")])
    def test_that_is_off_says_why(self, name: str, why_not: str) -> None:
        (only,) = all_of(act(proposal(), name, by=ANNEMIE))

        assert (only.goes_ahead, only.why_not) == (False, why_not)

    def test_takes_place_on_a_holiday_when_people_chose_that(self) -> None:
        assert all_of(agreed(proposal("2026-12-25T14:00")))[0].goes_ahead

    def test_is_found_from_its_beginning_until_before_the_end_that_is_asked(self) -> None:
        meeting = proposal(WEDNESDAY)
        at = meeting.times[0].at

        assert len(occurrences(meeting, start=at, end=at + timedelta(seconds=1))) == 1
        assert occurrences(meeting, start=at - YEAR, end=at) == []
        assert occurrences(meeting, start=at + timedelta(seconds=1), end=at + YEAR) == []


class TestASeries:
    def test_stays_at_the_same_time_on_the_clock_when_summer_time_begins_and_ends(self) -> None:
        meeting = agreed(series("2026-11-25T18:00"))

        found = [one for one in all_of(meeting) if one.time.at < NOW + YEAR]

        assert {one.time.start[-5:] for one in found} == {"18:00"}
        assert on(meeting, "2027-03-24").time.at == utc("2027-03-24T17:00")
        assert on(meeting, "2027-03-31").time.at == utc("2027-03-31T16:00")  # 28 March was the last Sunday
        assert on(meeting, "2027-10-27").time.at == utc("2027-10-27T16:00")
        assert on(meeting, "2027-11-03").time.at == utc("2027-11-03T17:00")

    def test_in_new_york_follows_its_own_sundays(self) -> None:
        meeting = agreed(series("2026-11-25T18:00", zone="America/New_York"))

        assert on(meeting, "2027-03-10").time.at == utc("2027-03-10T23:00")
        assert on(meeting, "2027-03-17").time.at == utc("2027-03-17T22:00")

    def test_on_a_night_without_that_hour_is_an_hour_later_and_keeps_its_name(self) -> None:
        skipped = on(agreed(series("2026-11-29T02:30")), "2027-03-28")

        assert (skipped.time.start, skipped.time.at) == ("2027-03-28T03:30", utc("2027-03-28T01:30"))

    def test_on_a_night_with_that_hour_twice_is_at_the_first(self) -> None:
        assert on(agreed(series("2026-11-29T02:30")), "2027-10-31").time.at == utc("2027-10-31T00:30")

    def test_begins_at_the_second_of_two_when_somebody_chose_that(self) -> None:
        first, second, *_ = all_of(agreed(proposal(AskedTime(start="2027-10-31T02:30", fold=1), repeat="FREQ=WEEKLY;COUNT=2")))

        assert (first.time.at, second.time.at) == (utc("2027-10-31T01:30"), utc("2027-11-07T01:30"))

    def test_goes_ahead_when_two_said_yes_and_not_before(self) -> None:
        assert on(series(), "2026-12-02").why_not == "unanswered"
        assert on(agreed(series()), "2026-12-02").goes_ahead

    def test_that_was_declined_or_cancelled_takes_place_on_no_date(self) -> None:
        assert {one.why_not for one in all_of(act(series(repeat="FREQ=WEEKLY;COUNT=3"), "decline", by=ANNEMIE))} == {"declined"}
        assert {one.why_not for one in all_of(act(agreed(series()), "cancel", by=ANNEMIE))} == {"cancelled"}

    def test_looks_only_at_the_days_that_are_asked_also_years_later(self) -> None:
        found = occurrences(agreed(series()), start=utc("2060-01-01T00:00"), end=utc("2060-02-01T00:00"))

        assert [one.date for one in found] == ["2060-01-07", "2060-01-14", "2060-01-21", "2060-01-28"]

    def test_finds_dates_whose_utc_day_is_another(self) -> None:
        meeting = agreed(series("2026-11-25T05:00", zone="Pacific/Kiritimati"))  # 24 November in UTC

        found = occurrences(meeting, start=utc("2026-12-01T00:00"), end=utc("2026-12-01T23:00"))

        assert [one.date for one in found] == ["2026-12-02"]

    def test_has_no_trouble_with_the_ends_of_the_calendar(self) -> None:
        meeting = agreed(series(repeat="FREQ=WEEKLY;COUNT=2"))

        assert len(occurrences(meeting, start=utc("0001-01-01T00:00"), end=utc("9999-12-31T23:59"))) == 2


class TestHolidays:
    def test_are_skipped_by_a_series(self) -> None:
        christmas = on(agreed(series("2026-11-27T18:00")), "2026-12-25")

        assert (christmas.goes_ahead, christmas.why_not) == (False, "holiday")

    def test_are_met_on_by_who_wants_to(self) -> None:
        assert on(agreed(series("2026-11-27T18:00", on_holidays=True)), "2026-12-25").goes_ahead

    def test_are_those_of_the_zone(self) -> None:
        assert on(agreed(series("2027-04-20T18:00", zone="Europe/Amsterdam")), "2027-04-27").why_not == "holiday"
        assert on(agreed(series("2027-04-20T18:00")), "2027-04-27").goes_ahead

    def test_are_those_of_the_day_there_not_of_utc(self) -> None:
        meeting = agreed(series("2026-12-04T00:15"))  # Fridays, Thursday evening in UTC

        assert on(meeting, "2026-12-25").why_not == "holiday"

    def test_do_not_stand_in_the_way_of_a_date_that_was_moved_there(self) -> None:
        meeting = act(agreed(series("2026-11-26T18:00")), "move", "2026-12-25T14:00", by=FATIMA, date="2026-12-24")

        assert on(act(meeting, "accept", by=ANNEMIE, date="2026-12-24"), "2026-12-24").goes_ahead

    def test_can_be_moved_away_from(self) -> None:
        meeting = act(agreed(series("2026-11-27T18:00")), "move", "2026-12-28T18:00", by=FATIMA, date="2026-12-25")

        assert on(act(meeting, "accept", by=ANNEMIE, date="2026-12-25"), "2026-12-25").goes_ahead


class TestDatesThatDiffer:
    def test_that_are_cancelled_leave_the_others_alone(self) -> None:
        meeting = act(agreed(series()), "cancel", by=ANNEMIE, date="2026-12-02")

        assert on(meeting, "2026-12-02").why_not == "cancelled"
        assert on(meeting, "2026-12-09").goes_ahead

    def test_that_somebody_declined_do_not_go_ahead(self) -> None:
        declined = on(act(agreed(series()), "decline", by=ANNEMIE, date="2026-12-02"), "2026-12-02")

        assert (declined.goes_ahead, declined.why_not) == (False, "declined")
        assert (declined.yes, declined.no) == (frozenset({FATIMA}), frozenset({ANNEMIE}))

    def test_go_ahead_in_a_group_without_who_declined_them(self) -> None:
        meeting = series()
        for by in (ANNEMIE, JEF):
            meeting = act(meeting, "accept", by=by, present=GROUP)
        meeting = act(meeting, "decline", by=JEF, present=GROUP, date="2026-12-02")

        assert on(meeting, "2026-12-02").yes == {FATIMA, ANNEMIE}
        assert on(meeting, "2026-12-02").goes_ahead

    def test_go_ahead_alone_when_only_they_were_accepted(self) -> None:
        meeting = act(act(series(), "decline", by=ANNEMIE), "accept", by=ANNEMIE, date="2026-12-02")

        assert [one.date for one in all_of(meeting) if one.goes_ahead] == ["2026-12-02"]
        assert on(meeting, "2026-12-02").no == set()

    def test_that_were_moved_take_place_then_once_they_are_agreed_anew(self) -> None:
        moved = act(agreed(series()), "move", "2026-12-03T10:00", by=FATIMA, date="2026-12-02")

        assert (on(moved, "2026-12-02").time.start, on(moved, "2026-12-02").why_not) == ("2026-12-03T10:00", "unanswered")
        assert on(act(moved, "accept", by=ANNEMIE, date="2026-12-02"), "2026-12-02").goes_ahead
        assert on(act(moved, "decline", by=ANNEMIE, date="2026-12-02"), "2026-12-02").why_not == "declined"
        assert on(moved, "2026-12-09").goes_ahead

    def test_that_one_of_a_group_declined_wait_for_the_others(self) -> None:
        moved = act(agreed(series(), present=GROUP), "move", "2026-12-03T10:00", by=FATIMA, present=GROUP, date="2026-12-02")

        assert on(act(moved, "decline", by=JEF, present=GROUP, date="2026-12-02"), "2026-12-02").why_not == "unanswered"

    def test_are_found_where_they_were_moved_to_and_not_where_they_were(self) -> None:
        moved = act(agreed(series(repeat="FREQ=WEEKLY;COUNT=3")), "move", "2027-06-01T10:00", by=FATIMA, date="2026-12-02")

        there = occurrences(moved, start=utc("2027-06-01T00:00"), end=utc("2027-06-02T00:00"))
        before = occurrences(moved, start=NOW, end=utc("2027-01-01T00:00"))

        assert [one.date for one in there] == ["2026-12-02"]
        assert [one.date for one in before] == ["2026-11-25", "2026-12-09"]


class TestSomebodyWhoIsAway:
    AWAY: Away = {ANNEMIE: [(date(2026, 12, 1), date(2026, 12, 2)), (date(2027, 2, 1), date(2027, 2, 28))]}

    def test_keeps_a_date_of_a_pair_from_going_ahead_from_the_first_day_to_the_last(self) -> None:
        meeting = agreed(series())

        assert (on(meeting, "2026-12-02", self.AWAY).goes_ahead, on(meeting, "2026-12-02", self.AWAY).why_not) == (False, "away")
        assert on(meeting, "2026-11-25", self.AWAY).goes_ahead
        assert on(meeting, "2026-12-09", self.AWAY).goes_ahead
        assert on(meeting, "2027-02-10", self.AWAY).why_not == "away"

    def test_does_not_come_but_a_group_meets(self) -> None:
        meeting = agreed(series(), present=GROUP)
        meeting = act(meeting, "accept", by=JEF, present=GROUP)

        found = on(meeting, "2026-12-02", self.AWAY)

        assert found.goes_ahead
        assert found.yes == {FATIMA, JEF}

    def test_who_said_no_anyway_changes_nothing(self) -> None:
        meeting = agreed(series(), present=GROUP)
        meeting = act(meeting, "decline", by=MIA, present=GROUP)

        assert on(meeting, "2026-12-02", {MIA: [(date(2026, 12, 1), date(2026, 12, 31))]}).goes_ahead

    def test_comes_when_the_date_was_moved_out_of_that_time(self) -> None:
        moved = act(agreed(series()), "move", "2026-12-04T10:00", by=FATIMA, date="2026-12-02")

        assert on(act(moved, "accept", by=ANNEMIE, date="2026-12-02"), "2026-12-02", self.AWAY).goes_ahead

    def test_is_not_why_nobody_answered(self) -> None:
        assert on(series(), "2026-12-02", self.AWAY).why_not == "unanswered"


@given(
    zone=st.sampled_from(
        ["Europe/Brussels", "America/New_York", "Asia/Gaza", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
    ),
    start=st.datetimes(local_of("2026-11-24T00:00"), local_of("2027-11-30T23:59")),
    every=st.sampled_from([1, 2]),
    weeks=st.integers(0, 400),
)
def test_a_series_is_on_its_weekday_at_its_time_unless_the_clock_skips_that(zone: str, start: datetime, every: int, weeks: int) -> None:
    asked = AskedTime(start=start_of(start), fold=0)
    try:
        meeting = agreed(proposal(asked, zone=zone, repeat=f"FREQ=WEEKLY;INTERVAL={every}"))
    except TimeDoesNotExist:
        return
    since = NOW + timedelta(weeks=weeks)

    for one in occurrences(meeting, start=since, end=since + timedelta(weeks=8)):
        assert (date.fromisoformat(str(one.date)) - local_of(asked.start).date()).days % (7 * every) == 0
        planned = local_of(f"{one.date}T{asked.start[-5:]}")
        assert one.time.start == start_of(shown_at(one.time.at, zone))
        assert timedelta(0) <= local_of(one.time.start) - planned <= timedelta(hours=1)
