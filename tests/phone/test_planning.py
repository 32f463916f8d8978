from typing import Any

import pytest

from phone.planned import Ask, AskedTime, Meeting, MeetingTime
from phone.planning import CannotPlan, ask_of
from tests.phone.entries import meeting

ME, OTHER = 1, 2


def known(**more: Any) -> dict[int, Meeting]:
    said = {"number": 4, "version": 3, "act": "propose", "state": "proposed", "proposer": OTHER, "zone": "Europe/Brussels", **more}
    return {4: meeting(**said)}


def asked(typed: str, **more: Any) -> Ask:
    return ask_of(typed, known(**more), you=ME)


class TestMeet:
    def test_takes_when_how_long_how_often_and_where(self) -> None:
        ask = asked("/meet 2026-11-25 14:00 90 weekly De Krook, aan de ingang")

        times = [AskedTime("2026-11-25T14:00", 90)]
        assert ask == Ask("propose", times=times, place="De Krook, aan de ingang", repeat="FREQ=WEEKLY")

    def test_needs_no_more_than_when(self) -> None:
        assert asked("/meet 2026-11-25 9:05") == Ask("propose", times=[AskedTime("2026-11-25T09:05", 60)])

    def test_takes_several_times_and_every_two_weeks(self) -> None:
        ask = asked("/meet 2026-11-25 14:00 2026-11-26 15:00 45 2weekly")

        assert ask.times == [AskedTime("2026-11-25T14:00", 45), AskedTime("2026-11-26T15:00", 45)]
        assert (ask.repeat, ask.place) == ("FREQ=WEEKLY;INTERVAL=2", None)

    @pytest.mark.parametrize(
        "typed",
        ["/meet", "/meet morgen", "/meet 2026-11-25", "/meet 2026-02-30 14:00", "/meet 2026-11-25 25:00", "/meet \uff12026-11-25 14:00"],
    )
    def test_says_how_when_it_cannot_be_read(self, typed: str) -> None:
        with pytest.raises(CannotPlan, match="how_to_plan"):
            asked(typed)


class TestAnswers:
    def test_are_to_what_the_person_sees(self) -> None:
        assert asked("/yes 4") == Ask("accept", 4, 3)
        assert asked("/no 4") == Ask("decline", 4, 3)
        assert asked("/no 4 2026-12-02") == Ask("decline", 4, 3, date="2026-12-02")
        assert asked("/cancel 4") == Ask("cancel", 4)

    def test_choose_one_of_several_times_and_never_by_themselves(self) -> None:
        two = [MeetingTime("2026-11-25T14:00", 60), MeetingTime("2026-11-26T14:00", 60)]

        assert asked("/yes 4 2", times=two).choice == 2
        with pytest.raises(CannotPlan, match="which_time"):
            asked("/yes 4", times=two)

    @pytest.mark.parametrize("typed", ["/yes", "/yes 5", "/no vier", "/cancel 0", "/move 99999999999 2026-11-25 14:00"])
    def test_are_to_a_meeting_that_there_is(self, typed: str) -> None:
        with pytest.raises(CannotPlan, match="meeting_not_found"):
            asked(typed)

    @pytest.mark.parametrize("typed", ["/no 4 want ik heb geen zin", "/cancel 4 ziek", "/yes 4 1 graag"])
    def test_carry_no_reasons(self, typed: str) -> None:
        with pytest.raises(CannotPlan, match="how_to_plan"):
            asked(typed)


class TestMove:
    def test_keeps_how_long_it_lasts_and_where_it_is(self) -> None:
        assert asked("/move 4 2026-11-26 15:00", state="agreed") == Ask("move", 4, 3, times=[AskedTime("2026-11-26T15:00", 90)])

    def test_of_what_somebody_else_asks_is_a_counter_proposal(self) -> None:
        assert asked("/move 4 2026-11-26 15:00").act == "counter"
        assert asked("/move 4 2026-11-26 15:00", proposer=ME).act == "move"

    def test_may_be_of_one_day_of_a_series(self) -> None:
        ask = asked("/move 4 2026-12-02 2026-12-03 15:00 30 Dok Noord", repeat="FREQ=WEEKLY")

        assert ask == Ask("move", 4, 3, times=[AskedTime("2026-12-03T15:00", 30)], place="Dok Noord", date="2026-12-02")
