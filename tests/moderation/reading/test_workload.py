"""How much waits, in numbers: for the console, the command line and metrics alike."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from prometheus_client import REGISTRY, generate_latest

from moderation import metrics  # importing registers its gauges
from moderation.reading import workload
from moderation.words import CaseState, Priority
from programmes.models import Circle
from tests.conftest import Clock
from tests.factories import make_organisation
from tests.moderation.duty import put_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(circle: Circle, clock: Clock) -> None:
    """One in danger and late, one of safeguarding, one that is closed."""
    put_case(circle, priority=Priority.DANGER, hours=0.25, now=clock())
    put_case(circle, now=clock.move(hours=1))
    put_case(circle, state=CaseState.CLOSED, closed_at=clock(), now=clock())


class TestWaiting:
    def test_counts_what_is_open_and_late(self, three: None, clock: Clock) -> None:
        danger, safeguarding, *rest = workload.waiting(now=clock())

        assert (danger.open, danger.breached, danger.oldest_at) == (1, 1, clock() - timedelta(hours=1))
        assert (safeguarding.open, safeguarding.breached) == (1, 0)
        assert {one.open for one in rest} == {0}

    def test_is_of_the_organisations_that_are_named(self, three: None, clock: Clock) -> None:
        others = make_organisation(name="Anderen")

        assert sum(one.open for one in workload.waiting(now=clock(), organisation_ids=[others.id])) == 0


class TestTheCommand:
    def test_says_it_to_a_machine(self, three: None, clock: Clock) -> None:
        said = StringIO()

        call_command("cases", "--json", stdout=said)

        told = json.loads(said.getvalue())
        assert (told["open"], told["breached"], told["oldest_seconds"]) == (2, 1, 3_600)
        assert told["priorities"]["danger"] == {"open": 1, "breached": 1, "oldest_seconds": 3_600}
        assert told["escalations"] == {"unanswered": 0, "late": 0}

    def test_says_it_to_people(self, three: None, clock: Clock) -> None:
        said = StringIO()

        call_command("cases", stdout=said)

        assert "danger" in said.getvalue() and "0 d 1 h 0 min" in said.getvalue()


class TestMetrics:
    def test_say_the_same(self, three: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(metrics.Cases, "SECONDS", 0.0)

        told = generate_latest(REGISTRY).decode()

        assert 'maatje_cases_open{priority="danger"} 1.0' in told
        assert 'maatje_cases_breached{priority="danger"} 1.0' in told
        assert 'maatje_cases_oldest_seconds{priority="danger"} 3600.0' in told
        assert "maatje_escalations_unanswered 0.0" in told
