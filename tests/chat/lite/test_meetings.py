"""Meetings in lite: the arrays that docs/lite.md shows, and what a device asks in them."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import frames
from chat.errors import MalformedFrame
from chat.lite import layouts, meetings

START = 29_551_080  # minutes on the clock: 2026-03-09T14:00
NOON = frames.MeetingTime("2026-03-09T14:00", 90, datetime(2026, 3, 9, 13, tzinfo=UTC))


class TestAMeeting:
    def test_says_little_when_there_is_little_to_say(self) -> None:
        meeting = frames.Meeting(3, 1, "propose", "proposed", 2, "Europe/Brussels", [NOON], yes=[2])

        assert meetings.written(meeting) == [3, 1, 0, 0, 2, [[START, 90, 60]], *[None] * 7, [2]]

    def test_says_all_there_is(self) -> None:
        change = frames.DateChange("2026-03-16", time=NOON, yes=[1])
        meeting = frames.Meeting(
            3, 2, "end", "cancelled", 1, "Europe/London", [NOON], "work", "Bib", online=True, repeat="FREQ=WEEKLY", on_holidays=True,
            changes=[change, frames.DateChange("2026-03-23", cancelled=True)], yes=[1, 2], no=[3], date="2026-03-16",
        )  # fmt: skip

        assert meetings.written(meeting) == [
            3, 2, 6, 3, 1, [[START, 90, 60]], "Europe/London", 9, "Bib", True, "FREQ=WEEKLY", True,
            [[20_528, None, [START, 90, 60], [1]], [20_535, True]], [1, 2], [3], 20_528,
        ]  # fmt: skip

    def test_counts_words_in_the_order_of_the_wire(self) -> None:
        assert get_args(frames.Act) == meetings.ACTS == (*get_args(frames.AskedAct), "end")
        assert get_args(frames.MeetingState) == meetings.STATES
        assert get_args(frames.Purpose) == meetings.PURPOSES

    def test_has_a_place_for_every_field(self) -> None:
        longest = frames.Meeting(
            1, 1, "end", "agreed", 1, "UTC", [NOON], "work", "x", True, "x", True, [frames.DateChange("2026-03-16")], [1], [1], "2026-03-16"
        )

        assert len(meetings.written(longest)) == len(layouts.MEETING)


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("name", "said", "meant"),
        [
            ("act", 0, "propose"),
            ("act", 5, "cancel"),
            ("purpose", 1, "leisure"),
            ("purpose", 9, "work"),
            ("date", 20_528, "2026-03-16"),
            ("times", [[START]], [{"start": "2026-03-09T14:00"}]),
            (
                "times",
                [[START, 90, 1], [START + 60, None, 0]],
                [{"start": "2026-03-09T14:00", "minutes": 90, "fold": 1}, {"start": "2026-03-09T15:00", "fold": 0}],
            ),
            ("place", "Bib", "Bib"),
        ],
    )
    def test_means_what_json_says(self, name: str, said: Any, meant: Any) -> None:
        assert meetings.read(name, said) == meant

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("act", 7), ("act", -1), ("act", "propose"), ("act", True), ("purpose", 0), ("purpose", 10), ("date", -1), ("date", 2**40), ("date", 1.5),
            ("times", [START]), ("times", [[]]), ("times", [[START, 1, 0, 4]]), ("times", [["2026"]]), ("times", [[-1]]), ("times", [[2**31]]),
        ],
    )  # fmt: skip
    def test_is_refused_when_it_means_nothing(self, name: str, said: Any) -> None:
        with pytest.raises((MalformedFrame, OverflowError)):
            meetings.read(name, said)

    @given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)))  # noqa: DTZ001  # on a clock
    def test_a_time_that_was_written_is_read_back(self, at: datetime) -> None:
        time = frames.MeetingTime(at.strftime("%Y-%m-%dT%H:%M"), 60, at.replace(tzinfo=UTC))
        ((start, *_),) = meetings.written(frames.Meeting(1, 1, "propose", "proposed", 1, "UTC", [time]))[5]

        assert meetings.read("times", [[start]]) == [{"start": time.start}]
