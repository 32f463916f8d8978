"""The judge of `bench crash` notices each fault; without that its zeros would say nothing."""

import pytest

from bench.verdict import Logged, Memory, Verdict, judge

CONVERSATION = "c"


@pytest.fixture
def log() -> list[Logged]:
    return [Logged(seq=seq, body=f"body {seq}", draft_id=f"draft {seq}") for seq in range(1, 5)]


@pytest.fixture
def annemie() -> Memory:
    """She sent the first two and saw all four."""
    return Memory(CONVERSATION, acked={"draft 1": 1, "draft 2": 2}, seen=[(seq, f"body {seq}") for seq in range(1, 5)])


def verdict(log: list[Logged], said: Memory) -> Verdict:
    return judge([said], {CONVERSATION: log})


class TestJudge:
    def test_finds_nothing_where_all_is_well(self, log: list[Logged], annemie: Memory) -> None:
        assert verdict(log, annemie) == Verdict(acked=2, lost=0, duplicated=0, out_of_order=0, holes=0, repeated=0)

    def test_misses_an_acked_draft(self, log: list[Logged], annemie: Memory) -> None:
        log[0].draft_id = "somebody else's"

        assert verdict(log, annemie).lost == 1

    def test_misses_an_acked_draft_at_its_place(self, log: list[Logged], annemie: Memory) -> None:
        annemie.acked["draft 2"] = 3

        assert verdict(log, annemie).lost == 1

    def test_misses_what_was_never_answered_or_refused(self, log: list[Logged], annemie: Memory) -> None:
        annemie.unanswered = ["draft 9"]
        annemie.refused = ["draft 10 not_reachable"]

        assert verdict(log, annemie).lost == 2

    def test_sees_a_draft_that_is_in_the_log_twice(self, log: list[Logged], annemie: Memory) -> None:
        log[3].draft_id = "draft 3"

        assert verdict(log, annemie).duplicated == 1

    def test_sees_one_message_at_two_places(self, log: list[Logged], annemie: Memory) -> None:
        annemie.seen[2] = (3, "body 2")

        assert verdict(log, annemie).duplicated == 1

    def test_only_counts_what_a_device_already_had(self, log: list[Logged], annemie: Memory) -> None:
        annemie.repeated = [(2, "body 2")]

        found = verdict(log, annemie)
        assert found.repeated == 1
        assert found.duplicated == found.out_of_order == 0

    def test_sees_another_text_in_what_came_again(self, log: list[Logged], annemie: Memory) -> None:
        annemie.repeated = [(2, "body 4")]

        assert verdict(log, annemie).out_of_order == 1

    def test_sees_an_entry_that_came_before_its_turn(self, log: list[Logged], annemie: Memory) -> None:
        annemie.jumps = 1

        assert verdict(log, annemie).holes == 1

    def test_sees_one_draft_acked_at_two_places(self, log: list[Logged], annemie: Memory) -> None:
        annemie.reacked = 1

        assert verdict(log, annemie).duplicated == 1

    def test_sees_entries_in_another_order(self, log: list[Logged], annemie: Memory) -> None:
        annemie.seen[1], annemie.seen[2] = annemie.seen[2], annemie.seen[1]

        assert verdict(log, annemie).out_of_order == 1

    def test_sees_another_text_at_a_place(self, log: list[Logged], annemie: Memory) -> None:
        annemie.seen[1] = (2, "body 3")

        assert verdict(log, annemie).out_of_order == 1

    def test_sees_a_hole_in_a_list(self, log: list[Logged], annemie: Memory) -> None:
        del annemie.seen[2]

        assert verdict(log, annemie).holes == 1

    def test_sees_a_hole_in_the_log(self, log: list[Logged], annemie: Memory) -> None:
        del log[2], annemie.seen[2]

        assert verdict(log, annemie).holes == 1
