"""Where a meeting stands, by its answers."""

import pytest

from chat.frames import DateChange
from meetings import states


class TestTheState:
    @pytest.mark.parametrize(
        ("yes", "no", "present", "state"),
        [
            ([1], [], [1, 2], "proposed"),
            ([1, 2], [], [1, 2], "agreed"),
            ([1], [2], [1, 2], "declined"),
            ([], [1], [1, 2], "declined"),
            ([], [], [1], "declined"),
            ([], [], [], "declined"),
            ([1], [2], [1, 2, 3], "proposed"),
            ([1], [2, 3], [1, 2, 3], "declined"),
            ([2], [1], [1, 2, 3], "proposed"),
            ([1, 2], [3, 4], [1, 2, 3, 4], "agreed"),
        ],
    )
    def test_is_what_the_answers_make(self, yes: list[int], no: list[int], present: list[int], state: str) -> None:
        assert states.state_of(yes, no, present) == state


class TestAChange:
    def test_says_something_when_a_date_differs(self) -> None:
        assert not states.says_something(DateChange(date="2026-12-02"))
        assert states.says_something(DateChange(date="2026-12-02", no=[1]))
        assert states.says_something(DateChange(date="2026-12-02", cancelled=True))
