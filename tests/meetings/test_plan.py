"""What each act makes of a meeting, and what it refuses."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import UNSET

from chat.frames import Meeting
from core.errors import Invalid
from meetings import plan
from meetings.errors import (
    AlreadyAgreed,
    CircleIsEnding,
    MeetingCancelled,
    MeetingChanged,
    MeetingNotFound,
    NoSuchTime,
    NotYoursToMove,
    TimeIsPast,
    WrongNumberOfTimes,
    YourOwnProposal,
)
from tests.meetings.plans import (
    ANNEMIE,
    FATIMA,
    FRIDAY,
    GROUP,
    JEF,
    MIA,
    NOW,
    PAIR,
    THURSDAY,
    WEDNESDAY,
    act,
    agreed,
    proposal,
    series,
    utc,
)


def starts(meeting: Meeting) -> list[str]:
    return [time.start for time in meeting.times]


class TestYes:
    def test_of_a_second_person_makes_it_agreed(self) -> None:
        meeting = act(proposal(), "accept", by=ANNEMIE)

        assert (meeting.state, meeting.act, meeting.version, meeting.yes) == ("agreed", "accept", 1, [FATIMA, ANNEMIE])

    def test_chooses_one_of_the_times_which_is_another_question_to_the_others(self) -> None:
        meeting = act(proposal(WEDNESDAY, THURSDAY, FRIDAY), "accept", by=ANNEMIE, present=GROUP, choice=2)

        assert (starts(meeting), meeting.version, meeting.state) == ([THURSDAY], 2, "agreed")
        with pytest.raises(MeetingChanged):
            act(meeting, "accept", by=JEF, present=GROUP, version=1, choice=1)

    def test_of_the_proposer_chooses_nothing_for_the_others(self) -> None:
        meeting = act(proposal(WEDNESDAY, THURSDAY), "accept", by=FATIMA, choice=2)

        assert (starts(meeting), meeting.state, meeting.yes) == ([WEDNESDAY, THURSDAY], "proposed", [FATIMA])

    def test_is_to_what_somebody_was_looking_at(self) -> None:
        moved = act(proposal(), "move", THURSDAY, by=FATIMA)

        with pytest.raises(MeetingChanged) as refusal:
            act(moved, "accept", by=ANNEMIE, version=1)

        assert refusal.value.facts == {"version": 2}

    @pytest.mark.parametrize("name", ["accept", "decline", "counter"])
    def test_and_no_say_to_what(self, name: str) -> None:
        with pytest.raises(Invalid) as refusal:
            act(proposal(), name, THURSDAY, by=ANNEMIE, version=None)

        assert "version" in refusal.value.facts["problems"]

    def test_is_to_a_time_that_there_is(self) -> None:
        with pytest.raises(NoSuchTime):
            act(proposal(WEDNESDAY, THURSDAY), "accept", by=ANNEMIE, choice=3)

    def test_comes_before_the_time(self) -> None:
        at = proposal().times[0].at

        assert agreed(proposal(), now=at - timedelta(seconds=1)).state == "agreed"
        with pytest.raises(TimeIsPast):
            agreed(proposal(), now=at)

    def test_to_another_time_may_come_when_the_first_is_past(self) -> None:
        assert agreed(proposal(WEDNESDAY, FRIDAY), choice=2, now=utc("2026-11-26T09:00")).state == "agreed"

    def test_to_a_series_may_come_until_its_last_date_is_over(self) -> None:
        meeting = series(repeat="FREQ=WEEKLY;COUNT=3")

        assert agreed(meeting, now=utc("2026-12-09T13:59")).state == "agreed"
        with pytest.raises(TimeIsPast):
            agreed(meeting, now=utc("2026-12-09T14:00"))

    def test_after_a_no_makes_it_agreed_after_all(self) -> None:
        meeting = agreed(act(proposal(), "decline", by=ANNEMIE))

        assert (meeting.state, meeting.yes, meeting.no) == ("agreed", [FATIMA, ANNEMIE], [])

    def test_twice_is_one(self) -> None:
        assert agreed(agreed(proposal())) == agreed(proposal())

    def test_of_somebody_who_is_not_there_is_no_answer(self) -> None:
        with pytest.raises(MeetingNotFound):
            act(proposal(), "accept", by=JEF)


class TestNo:
    def test_of_the_other_declines_it(self) -> None:
        meeting = act(proposal(), "decline", by=ANNEMIE)

        assert (meeting.state, meeting.version, meeting.yes, meeting.no) == ("declined", 1, [FATIMA], [ANNEMIE])

    def test_of_one_in_a_group_leaves_it_to_the_others(self) -> None:
        meeting = act(proposal(), "decline", by=ANNEMIE, present=GROUP)
        assert meeting.state == "proposed"

        meeting = act(act(meeting, "decline", by=JEF, present=GROUP), "decline", by=MIA, present=GROUP)
        assert meeting.state == "declined"

    def test_may_follow_a_yes(self) -> None:
        assert act(agreed(proposal()), "decline", by=ANNEMIE).state == "declined"

    def test_of_one_of_three_leaves_it_agreed(self) -> None:
        meeting = act(agreed(proposal(), present=GROUP), "accept", by=JEF, present=GROUP)

        assert act(meeting, "decline", by=JEF, present=GROUP).state == "agreed"

    def test_of_its_proposer_in_a_pair_declines_it(self) -> None:
        assert act(proposal(), "decline", by=FATIMA).state == "declined"

    def test_does_not_change_what_is_over(self) -> None:
        meeting = agreed(proposal())

        assert act(meeting, "decline", by=ANNEMIE, now=utc("2026-11-25T13:59")).state == "declined"
        for name in ("decline", "cancel"):
            with pytest.raises(TimeIsPast):
                act(meeting, name, by=ANNEMIE, now=utc("2026-11-25T14:00"))

    def test_to_a_question_that_is_over_only_tidies_up(self) -> None:
        assert act(proposal(), "decline", by=ANNEMIE, now=utc("2026-12-25T14:00")).state == "declined"


class TestACounterProposal:
    def test_asks_the_first_proposer_instead(self) -> None:
        meeting = act(proposal(WEDNESDAY, place="Park"), "counter", THURSDAY, FRIDAY, by=ANNEMIE)

        assert (starts(meeting), meeting.proposer, meeting.version) == ([THURSDAY, FRIDAY], ANNEMIE, 2)
        assert (meeting.yes, meeting.no, meeting.state, meeting.place) == ([ANNEMIE], [], "proposed", "Park")

    def test_may_be_countered_again_and_agreed(self) -> None:
        meeting = act(proposal(), "counter", THURSDAY, by=ANNEMIE)
        meeting = act(meeting, "counter", FRIDAY, "2026-11-28T10:00", by=FATIMA)
        meeting = act(meeting, "accept", by=ANNEMIE, choice=2)

        assert (starts(meeting), meeting.state, meeting.proposer, meeting.version) == (["2026-11-28T10:00"], "agreed", FATIMA, 4)

    def test_may_follow_a_no_also_ones_own(self) -> None:
        declined = act(proposal(), "decline", by=ANNEMIE)

        assert act(declined, "counter", THURSDAY, by=ANNEMIE).state == "proposed"

    def test_is_not_against_ones_own_proposal(self) -> None:
        with pytest.raises(YourOwnProposal):
            act(proposal(), "counter", THURSDAY, by=FATIMA)

    def test_is_not_against_what_was_agreed(self) -> None:
        with pytest.raises(AlreadyAgreed):
            act(agreed(proposal()), "counter", THURSDAY, by=ANNEMIE)

    def test_comes_from_anybody_in_a_group(self) -> None:
        assert act(proposal(), "counter", THURSDAY, by=MIA, present=GROUP).proposer == MIA

    def test_is_against_what_somebody_was_looking_at(self) -> None:
        with pytest.raises(MeetingChanged):
            act(act(proposal(), "move", FRIDAY, by=FATIMA), "counter", THURSDAY, by=ANNEMIE, version=1)


class TestAMove:
    def test_clears_the_answers_and_asks_again(self) -> None:
        meeting = act(agreed(proposal()), "move", THURSDAY, by=ANNEMIE)

        assert (starts(meeting), meeting.state, meeting.proposer, meeting.version) == ([THURSDAY], "proposed", ANNEMIE, 2)
        assert (meeting.yes, meeting.no) == ([ANNEMIE], [])

    def test_may_follow_a_no(self) -> None:
        meeting = act(act(proposal(), "decline", by=ANNEMIE), "move", FRIDAY, by=FATIMA)

        assert (meeting.state, agreed(meeting).state) == ("proposed", "agreed")

    def test_leaves_what_is_not_named_as_it_was(self) -> None:
        meeting = proposal(place="Park", online=True, purpose="sport", zone="America/New_York")

        moved = act(meeting, "move", THURSDAY, by=FATIMA)

        assert (moved.place, moved.online, moved.purpose, moved.zone) == ("Park", True, "sport", "America/New_York")
        assert moved.times[0].at == utc("2026-11-26T15:00")

    def test_takes_what_is_named(self) -> None:
        asked: dict[str, Any] = {
            "place": "",
            "online": False,
            "purpose": "work",
            "zone": "UTC",
            "repeat": "FREQ=WEEKLY",
            "on_holidays": True,
        }

        moved = act(proposal(place="Park", online=True), "move", THURSDAY, by=FATIMA, **asked)

        assert {name: getattr(moved, name) for name in asked} == asked
        assert moved.times[0].at == utc("2026-11-26T10:00")

    def test_is_for_both_of_a_pair_and_in_a_group_for_proposer_and_buddies(self) -> None:
        meeting = agreed(proposal(by=JEF), present=GROUP)

        for by in (JEF, ANNEMIE):
            assert act(meeting, "move", THURSDAY, by=by, present=GROUP).proposer == by
            assert act(meeting, "cancel", by=by, present=GROUP).state == "cancelled"
        for name in ("move", "cancel"):
            with pytest.raises(NotYoursToMove):
                act(meeting, name, THURSDAY, by=MIA, present=GROUP)

    def test_of_what_somebody_else_just_changed_is_refused_when_they_say_what_they_saw(self) -> None:
        moved = act(proposal(), "move", THURSDAY, by=FATIMA)

        for name in ("move", "cancel"):
            with pytest.raises(MeetingChanged):
                act(moved, name, FRIDAY, by=ANNEMIE, version=1)

    def test_is_to_a_time_to_come(self) -> None:
        with pytest.raises(TimeIsPast):
            act(proposal(), "move", "2026-11-20T10:00", by=FATIMA)
        with pytest.raises(WrongNumberOfTimes):
            act(proposal(), "move", by=FATIMA)

    def test_plans_a_missed_meeting_again(self) -> None:
        assert act(agreed(proposal()), "move", FRIDAY, by=ANNEMIE, now=utc("2026-11-26T09:00")).state == "proposed"

    @pytest.mark.parametrize("name", ["move", "counter"])
    def test_and_a_counter_proposal_are_not_made_where_the_conversation_is_about_to_close(self, name: str) -> None:
        with pytest.raises(CircleIsEnding):
            act(proposal(), name, THURSDAY, by=ANNEMIE, closes=NOW + timedelta(days=7))

    @pytest.mark.parametrize("name", ["accept", "decline", "cancel"])
    def test_answers_go_on_until_it_closes(self, name: str) -> None:
        assert act(proposal(), name, by=ANNEMIE, closes=NOW + timedelta(days=7)).act == name


class TestCancelling:
    def test_is_for_good(self) -> None:
        meeting = act(agreed(proposal()), "cancel", by=ANNEMIE)

        assert (meeting.state, meeting.version) == ("cancelled", 2)
        for name in ("accept", "decline", "counter", "move", "cancel"):
            with pytest.raises(MeetingCancelled):
                act(meeting, name, THURSDAY, by=FATIMA)


class TestTheOrganisation:
    def test_ends_a_meeting(self) -> None:
        meeting = plan.ended(act(agreed(series()), "decline", by=ANNEMIE, date="2026-12-02"))

        assert (meeting.state, meeting.act, meeting.version, meeting.date) == ("cancelled", "end", 2, UNSET)

    def test_leaves_one_that_was_cancelled(self) -> None:
        meeting = act(proposal(), "cancel", by=FATIMA)

        assert plan.ended(meeting) is meeting


class TestSomebodyWhoLeft:
    def test_takes_their_own_meeting_along(self) -> None:
        assert plan.without(agreed(proposal(), present=GROUP), FATIMA, present=GROUP).act == "end"

    def test_takes_the_meetings_of_a_pair_along(self) -> None:
        assert plan.without(proposal(), ANNEMIE, present=PAIR).state == "cancelled"
        assert plan.without(proposal(), ANNEMIE, present=[FATIMA]).state == "cancelled"

    def test_takes_their_answers_along(self) -> None:
        meeting = act(agreed(series(), present=GROUP), "decline", by=JEF, present=GROUP)
        meeting = act(meeting, "decline", by=ANNEMIE, present=GROUP, date="2026-12-02")

        without = plan.without(meeting, ANNEMIE, present=GROUP)

        assert (without.state, without.yes, without.no, without.changes) == ("proposed", [FATIMA], [JEF], [])

    def test_changes_nothing_where_they_did_not_answer(self) -> None:
        meeting = agreed(proposal(), present=GROUP)

        assert plan.without(meeting, MIA, present=GROUP) is meeting

    def test_may_have_been_the_last_who_could_say_yes(self) -> None:
        meeting = act(act(proposal(), "decline", by=ANNEMIE, present=GROUP), "decline", by=JEF, present=GROUP)

        assert plan.without(meeting, MIA, present=GROUP).state == "declined"

    def test_leaves_a_cancelled_meeting_as_it_was(self) -> None:
        meeting = act(proposal(), "cancel", by=FATIMA)

        assert plan.without(meeting, FATIMA, present=GROUP) is meeting
