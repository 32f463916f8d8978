"""What an organisation's list may cost."""

import pytest

from moderation.screening.engine import Engine
from moderation.screening.lists import parse
from moderation.screening.weighing import MOST_WORK_OF_OWN, too_dear
from moderation.screening.work import Work
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
