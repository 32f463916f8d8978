"""Charts of the workload, and the same in a table."""

import pytest
from django.test import Client

from accounts.models import Person
from console import charts
from moderation.words import Priority
from programmes.models import Circle
from tests.conftest import Clock
from tests.factories import make_organisation
from tests.moderation.duty import put_case

WORKLOAD = "/console/workload/"


class TestThePage:
    def test_says_each_number_twice(self, office: Client, circle: Circle, clock: Clock) -> None:
        put_case(circle, priority=Priority.DANGER, hours=1, now=clock())
        clock.move(hours=2)

        page = office.get(WORKLOAD).content.decode()

        assert "1, 1 te laat</text>" in page
        assert '<th scope="row">direct gevaar</th><td data-is="Hoeveel">1</td><td data-is="Te laat">1</td>' in page
        assert "Het oudste open dossier is van maart 2, 10:30" in page or "2 maart, 10:30" in page.lower()

    def test_counts_ones_own_organisation(self, office: Client, karim: Person, circle: Circle, clock: Clock) -> None:
        put_case(circle, now=clock())
        other = make_organisation(name="Anderen")
        circle.cases.update(organisation=other)

        assert "Er is geen enkel dossier open." in office.get(WORKLOAD).content.decode()

    def test_names_a_week_by_its_last_day(self, office: Client, clock: Clock) -> None:
        page = office.get(WORKLOAD).content.decode()

        assert "tot 2/3</text>" in page and "tot 23/2</text>" in page


class TestBars:
    def test_are_as_long_as_their_share_of_the_longest(self) -> None:
        chart = charts.bars([("a", 10, 0), ("b", 5, 5), ("c", 0, 0)])

        assert [(bar.width, bar.part) for bar in chart.bars] == [(160, 0), (80, 80), (0, 0)]

    @pytest.mark.parametrize("rows", [[], [("a", 0, 0)]], ids=["none", "zero"])
    def test_of_nothing_is_nothing(self, rows: list[tuple[str, int, int]]) -> None:
        assert [bar.width for bar in charts.bars(rows).bars] == [0] * len(rows)
