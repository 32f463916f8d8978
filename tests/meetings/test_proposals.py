"""What somebody asks the others: when and how often."""

from datetime import timedelta

import pytest

from chat.frames import AskedTime, DateChange, Meeting, MeetingTime
from core.errors import Invalid
from meetings import plan
from meetings.errors import (
    BadRepeat,
    CircleIsEnding,
    PlaceTooLong,
    TimeIsAmbiguous,
    TimeIsPast,
    TimeTooFar,
    WrongNumberOfTimes,
)
from tests.meetings.plans import (
    ANNEMIE,
    FATIMA,
    FRIDAY,
    NOW,
    THURSDAY,
    WEDNESDAY,
    act,
    agreed,
    meet,
    proposal,
    series,
    utc,
)


def starts(meeting: Meeting) -> list[str]:
    return [time.start for time in meeting.times]


class TestAProposal:
    def test_is_a_question_to_which_its_proposer_said_yes(self) -> None:
        assert proposal() == Meeting(
            number=1,
            version=1,
            act="propose",
            state="proposed",
            proposer=FATIMA,
            zone="Europe/Brussels",
            times=[MeetingTime(start=WEDNESDAY, minutes=60, at=utc("2026-11-25T13:00"))],
            yes=[FATIMA],
        )

    def test_has_all_that_was_asked(self) -> None:
        meeting = proposal(WEDNESDAY, THURSDAY, FRIDAY, purpose="culture", place=" Het park ", online=True, on_holidays=True)

        assert (starts(meeting), meeting.purpose, meeting.place) == ([WEDNESDAY, THURSDAY, FRIDAY], "culture", "Het park")
        assert meeting.online
        assert meeting.on_holidays

    def test_is_in_the_zone_that_is_named_else_in_the_proposers(self) -> None:
        unnamed, named = meet("propose", WEDNESDAY), meet("propose", WEDNESDAY, zone="UTC")

        assert plan.propose(unnamed, number=1, by=1, zone="America/New_York", now=NOW).times[0].at == utc("2026-11-25T19:00")
        assert plan.propose(named, number=1, by=1, zone="America/New_York", now=NOW).times[0].at == utc("2026-11-25T14:00")

    def test_of_a_series_keeps_its_rule_as_we_write_it(self) -> None:
        assert series(repeat="RRULE:INTERVAL=1;FREQ=WEEKLY;UNTIL=20261231T170000Z").repeat == "FREQ=WEEKLY;UNTIL=20261231"

    @pytest.mark.parametrize("asked", [[], [WEDNESDAY] * 4, [WEDNESDAY] * 10_000, [WEDNESDAY, WEDNESDAY]])
    def test_has_one_to_three_different_times(self, asked: list[str]) -> None:
        with pytest.raises(WrongNumberOfTimes):
            plan.propose(meet("propose", *asked), number=1, by=1, zone="UTC", now=NOW)

    def test_of_a_series_has_just_one(self) -> None:
        with pytest.raises(WrongNumberOfTimes):
            proposal(WEDNESDAY, THURSDAY, repeat="FREQ=WEEKLY")

    @pytest.mark.parametrize("start", ["2026-11-22T10:30", "2026-11-22T10:29", "1969-07-20T21:17", "0002-01-01T00:00"])
    def test_is_about_a_time_to_come(self, start: str) -> None:
        with pytest.raises(TimeIsPast):
            proposal(start)
        with pytest.raises(TimeIsPast):
            proposal(WEDNESDAY, start)

    def test_may_be_for_the_next_minute(self) -> None:
        assert proposal("2026-11-22T10:31").state == "proposed"

    def test_is_at_most_400_days_ahead(self) -> None:
        assert proposal("2027-12-27T10:30").state == "proposed"

        for start in ("2027-12-27T10:31", "9998-12-31T23:59"):
            with pytest.raises(TimeTooFar):
                proposal(start)

    @pytest.mark.parametrize(
        "repeat", ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=3", "FREQ=WEEKLY;UNTIL=20261124", "FREQ=WEEKLY;UNTIL=20261125T125959Z"]
    )
    def test_of_a_series_is_weekly_or_two_weekly_with_one_date_at_least(self, repeat: str) -> None:
        with pytest.raises(BadRepeat):
            series(repeat=repeat)

    @pytest.mark.parametrize("until", ["20261125", "20261125T130000Z"])
    def test_of_a_series_may_end_on_its_first_date(self, until: str) -> None:
        assert series(repeat=f"FREQ=WEEKLY;UNTIL={until}").repeat == "FREQ=WEEKLY;UNTIL=20261125"

    def test_asks_which_when_the_clock_shows_it_twice(self) -> None:
        with pytest.raises(TimeIsAmbiguous):
            proposal("2027-10-31T02:30")

        assert proposal(AskedTime(start="2027-10-31T02:30", fold=1)).times[0].at == utc("2027-10-31T01:30")

    def test_has_a_place_that_fits(self) -> None:
        with pytest.raises(PlaceTooLong):
            proposal(place="x" * 201)

    def test_is_in_a_zone_that_there_is(self) -> None:
        with pytest.raises(Invalid):
            proposal(zone="Europe/Gent")

    def test_is_not_made_where_the_conversation_is_about_to_close(self) -> None:
        with pytest.raises(CircleIsEnding):
            plan.propose(meet("propose", WEDNESDAY), number=1, by=1, zone="UTC", now=NOW, closes=NOW + timedelta(days=7))

    def test_is_not_an_act_on_a_meeting_that_there_is(self) -> None:
        with pytest.raises(Invalid):
            act(proposal(), "propose", THURSDAY, by=FATIMA)
        with pytest.raises(Invalid):
            act(series(), "propose", THURSDAY, by=FATIMA, date="2026-12-02")


class TestAMoveOfASeries:
    def test_makes_a_series_from_its_new_first_date(self) -> None:
        moved = act(agreed(series()), "move", "2026-12-03T15:00", by=FATIMA)

        assert (starts(moved), moved.repeat, moved.state) == (["2026-12-03T15:00"], "FREQ=WEEKLY", "proposed")

    def test_counts_only_what_is_left(self) -> None:
        meeting = agreed(series(repeat="FREQ=WEEKLY;COUNT=10"))

        assert act(meeting, "move", THURSDAY, by=FATIMA).repeat == "FREQ=WEEKLY;COUNT=10"
        assert act(meeting, "move", "2026-12-18T10:00", by=FATIMA, now=utc("2026-12-16T13:00")).repeat == "FREQ=WEEKLY;COUNT=6"
        assert act(meeting, "move", "2027-12-18T10:00", by=FATIMA, now=utc("2027-12-16T13:00")).repeat == "FREQ=WEEKLY;COUNT=1"

    def test_takes_a_new_rule_as_it_is(self) -> None:
        meeting = agreed(series(repeat="FREQ=WEEKLY;COUNT=10"))

        moved = act(meeting, "move", "2026-12-18T10:00", by=FATIMA, now=utc("2026-12-16T13:00"), repeat="FREQ=WEEKLY;COUNT=10")

        assert moved.repeat == "FREQ=WEEKLY;COUNT=10"

    def test_may_make_it_a_single_meeting_with_a_choice(self) -> None:
        moved = act(series(), "move", THURSDAY, FRIDAY, by=FATIMA, repeat="")

        assert (starts(moved), moved.repeat) == ([THURSDAY, FRIDAY], "")

    def test_cannot_pass_its_own_end(self) -> None:
        with pytest.raises(BadRepeat):
            act(series(repeat="FREQ=WEEKLY;UNTIL=20261209"), "move", "2026-12-10T14:00", by=FATIMA)

    def test_keeps_dates_that_are_off_and_forgets_what_else_differed(self) -> None:
        meeting = agreed(series())
        meeting = act(meeting, "cancel", by=FATIMA, date="2026-12-09")
        meeting = act(meeting, "move", "2026-12-17T10:00", by=FATIMA, date="2026-12-16")
        meeting = act(meeting, "decline", by=ANNEMIE, date="2026-12-23")

        at_another_hour = act(meeting, "move", "2026-12-02T16:00", by=FATIMA)
        on_another_day = act(meeting, "move", "2026-12-03T14:00", by=FATIMA)

        assert at_another_hour.changes == [DateChange(date="2026-12-09", cancelled=True)]
        assert on_another_day.changes == []
