"""Every clause of who may do what with a meeting."""

import pytest

from chat.errors import BodyEmpty, BodyInvalid
from meetings import policy
from meetings.errors import CircleIsEnding, MeetingCancelled, MeetingNotFound, NotYoursToMove, PlaceTooLong, TooManyMeetings
from tests.meetings.plans import ANNEMIE, FATIMA, GROUP, JEF, NOW, PAIR, ROLES, act, proposal


class TestWhoMayActOnAMeeting:
    def test_whoever_is_present(self) -> None:
        policy.ensure_may_act(proposal(), ANNEMIE, present=PAIR)

    def test_nobody_who_is_not(self) -> None:
        with pytest.raises(MeetingNotFound):
            policy.ensure_may_act(proposal(), JEF, present=PAIR)

    def test_nobody_once_it_is_cancelled(self) -> None:
        with pytest.raises(MeetingCancelled):
            policy.ensure_may_act(act(proposal(), "cancel", by=FATIMA), FATIMA, present=PAIR)


class TestWhoMayMoveOrCancel:
    def test_both_of_a_pair(self) -> None:
        for by in PAIR:
            policy.ensure_may_move(proposal(by=FATIMA), by, is_pair=True, roles={})

    def test_in_a_group_who_proposed_it(self) -> None:
        policy.ensure_may_move(proposal(by=JEF), JEF, is_pair=False, roles=ROLES)

    def test_in_a_group_every_buddy(self) -> None:
        policy.ensure_may_move(proposal(by=JEF), ANNEMIE, is_pair=False, roles=ROLES)

    @pytest.mark.parametrize("by", [number for number in GROUP if number not in {JEF, ANNEMIE}])
    def test_nobody_else_of_a_group(self, by: int) -> None:
        with pytest.raises(NotYoursToMove):
            policy.ensure_may_move(proposal(by=JEF), by, is_pair=False, roles=ROLES)

    def test_nobody_of_whom_no_role_is_known(self) -> None:
        with pytest.raises(NotYoursToMove):
            policy.ensure_may_move(proposal(by=JEF), 99, is_pair=False, roles=ROLES)


class TestWhereSomethingMayBePlanned:
    def test_in_a_conversation_that_goes_on(self) -> None:
        policy.ensure_may_plan(None)

    def test_in_none_that_is_about_to_close(self) -> None:
        with pytest.raises(CircleIsEnding):
            policy.ensure_may_plan(NOW)

    def test_in_one_with_fewer_than_fifty_open_meetings(self) -> None:
        policy.ensure_room(49)

        with pytest.raises(TooManyMeetings):
            policy.ensure_room(50)


class TestAPlace:
    def test_may_be_none(self) -> None:
        assert policy.clean_place(" \n ") == ""

    def test_is_taken_without_the_blanks_around_it(self) -> None:
        assert policy.clean_place(" Bibliotheek, 1ste verdieping ") == "Bibliotheek, 1ste verdieping"

    def test_has_200_characters_however_many_bytes(self) -> None:
        assert policy.clean_place("🌳" * 200) == "🌳" * 200

        with pytest.raises(PlaceTooLong):
            policy.clean_place("🌳" * 201)

    @pytest.mark.parametrize("place", ["a\0b", "\ud800", "a\x1bb"])
    def test_is_stored_as_it_is_or_refused(self, place: str) -> None:
        with pytest.raises(BodyInvalid):
            policy.clean_place(place)

    def test_has_something_visible(self) -> None:
        with pytest.raises(BodyEmpty):
            policy.clean_place("\u200b")
