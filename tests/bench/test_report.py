"""Figures stand beside their budgets, for people and for programs."""

import json

import pytest

from bench.report import Figure, Report


@pytest.fixture
def report() -> Report:
    return Report("bench", [Figure.of("ratio", [0.1, 0.3, 0.2], most=0.2), Figure("kills", 50)], facts={"bench": "send"})


class TestReport:
    def test_gives_the_median_with_its_spread(self, report: Report) -> None:
        said = report.to_json()

        assert said["ratio"] == 0.2
        assert said["spread"] == {"ratio": (0.1, 0.3)}
        assert said["budget"] == {"ratio": 0.2}
        assert said["bench"] == "send"

    def test_passes_up_to_the_budget_and_fails_above_it(self, report: Report) -> None:
        above = Report("bench", [Figure("ratio", 0.201, most=0.2)])

        assert report.is_within_budget
        assert not above.is_within_budget

    def test_puts_one_object_on_the_last_line(self, report: Report, capsys: pytest.CaptureFixture[str]) -> None:
        report.show(with_json=True)

        lines = capsys.readouterr().out.splitlines()
        assert json.loads(lines[-1])["kills"] == 50
        assert any("pass" in line for line in lines)

    def test_prints_no_json_unasked(self, report: Report, capsys: pytest.CaptureFixture[str]) -> None:
        report.show(with_json=False)

        assert "{" not in capsys.readouterr().out
