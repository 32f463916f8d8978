"""What an organisation's list may cost."""

import pytest

from moderation.screening.engine import Engine
from moderation.screening.lists import parse
from moderation.screening.seeking import unseen
from moderation.screening.signals import Signal
from moderation.screening.weighing import MOST_WORK_OF_OWN, too_dear
from moderation.screening.work import Words, Work
from tests.moderation.screening.words import a_list, a_rule

GAPS = 'near = ["{...|a ... b} x ... y ... z", "x ... {y|a ... b} ... q", "{x|x x} ... ... q"]\nwithin = 50'


@pytest.fixture(scope="module")
def slow() -> Engine:
    rules = [a_rule("straks _ _ _ niets", reason=f"slow{number % 3}", more=GAPS) for number in range(300)]
    return Engine.of([parse(a_list(*rules), "nl")])


@pytest.fixture(scope="module")
def quick() -> Engine:
    return Engine.of([parse(a_list(a_rule("{ga|wil} ... {gele|groene} bromfiets*", more='unless = ["te koop", "in de krant"]')), "nl")])


class TestWeighing:
    def test_names_the_rules_that_take_too_long(self, slow: Engine) -> None:
        assert set(too_dear(slow)) == {"slow0", "slow1", "slow2"}

    def test_lets_through_what_people_need(self, quick: Engine) -> None:
        assert too_dear(quick) == []

    def test_stops_looking_when_it_was_enough(self, slow: Engine) -> None:
        work = Work(MOST_WORK_OF_OWN)
        slow.find(slow.text("straks x y z niets " * 100, "nl"), ("nl",), work=work)

        assert -1_000 < work.left < 0


class TestAListThatHoldsEverybodyUp:
    def test_by_saying_one_thing_in_thousands_of_lines_is_held_against_no_place_twice(self) -> None:
        seekers = Engine.of([parse(a_list(a_rule(*["kat"] * 5_000), a_rule("kat slaapt", reason="other")), "nl")]).made.plain
        found: dict[int, Signal] = {}

        left = unseen(seekers, Words.of(["kat", "kat"], Work(MOST_WORK_OF_OWN)), 0, found)

        assert [signal.reason for signal in found.values()] == ["tested"]
        assert [seeker.aim.signal.reason for seeker in left] == ["other"]

    def test_by_every_part_of_what_repeats_itself_finds_its_end(self) -> None:
        letters = "abc" * 30
        middles = [f"*{letters[first : first + length]}*" for first in range(3) for length in range(3, 58)]
        engine = Engine.of([parse(a_list(a_rule(*middles)), "nl")])
        work = Work(MOST_WORK_OF_OWN)

        engine.find(engine.text("abc" * 666, "nl"), ("nl",), work=work)

        assert work.left < 0
