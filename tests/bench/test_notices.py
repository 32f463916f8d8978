"""What is called lost, a double and a repeat; and that the instrument works here, whatever the figures."""

from collections.abc import Sequence

import pytest

from bench.notices.measuring import _judge as judge
from tests.bench.test_instruments import run

FATES: dict[str, Sequence[str]] = {"d1": ["n1", "sent"], "d2": ["n2", "sent"], "d3": ["n2", "sent"]}
COMMITTED = {"n1": 10.0, "n2": 10.0}


class TestTheVerdict:
    def test_is_clean_when_each_notice_came_once(self) -> None:
        found = judge(COMMITTED, {"d1": [11.0], "d2": [12.0]}, FATES, 10.0, 0)

        assert (found.lost, found.doubles, found.repeats, found.per_second, found.lag_p95_ms) == (0, 0, 0, 1.0, 2000)

    def test_calls_lost_what_never_came(self) -> None:
        assert judge(COMMITTED, {"d1": [11.0]}, FATES, 10.0, 0).lost == 1

    def test_calls_a_double_what_came_under_two_ids_or_one_that_nobody_knows(self) -> None:
        assert judge(COMMITTED, {"d1": [11.0], "d2": [12.0], "d3": [12.5]}, FATES, 10.0, 0).doubles == 1
        assert judge(COMMITTED, {"d1": [11.0], "d2": [12.0], "d9": [12.5]}, FATES, 10.0, 0).doubles == 1

    def test_calls_a_repeat_what_came_again_under_its_id(self) -> None:
        found = judge(COMMITTED, {"d1": [11.0, 70.0], "d2": [12.0]}, FATES, 10.0, 1)

        assert (found.repeats, found.doubles, found.lost) == (1, 0, 0)


@pytest.mark.slow
@pytest.mark.timeout(240)
class TestTheInstrument:
    def test_finds_every_notice_once(self) -> None:
        found = run("notices", "--count", "60", "--only", "postgres_3")

        assert {key: found[key] for key in ("doubles", "lost", "repeats_without_kills")} == {
            "doubles": 0,
            "lost": 0,
            "repeats_without_kills": 0,
        }
        assert found["per_second"] > 0 and found["lag_p95_ms"] > 0
        assert found["settings"].keys() == {"postgres_3"}
