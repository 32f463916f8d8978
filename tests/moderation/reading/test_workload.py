"""How much waits, in numbers: for the console, the command line and metrics alike."""

import json
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from prometheus_client import REGISTRY, generate_latest

from accounts.models import Person, Role
from chat.models import Conversation
from core import clock as edge
from moderation import metrics  # importing registers its gauges
from moderation.actions import decisions
from moderation.models import Case
from moderation.reading import workload
from moderation.words import CaseState, DecisionKind, Priority
from programmes.models import Circle
from tests.conftest import Clock
from tests.factories import make_organisation, make_person
from tests.moderation.casework import claimed, say
from tests.moderation.deciding import decided, held_case
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


class TestDecided:
    def test_counts_a_ban_once_a_second_person_agreed(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        greet, karin = (make_person(role=Role.LEAD, now=clock()) for _ in range(2))
        say(conversation, (annemie, "Sukkel"), now=clock())
        case = held_case(fatima, conversation, greet, 1, now=clock())

        proposed = decided(case, DecisionKind.BAN, greet, now=clock())
        before = numbers(case)
        clock.move(days=8)
        claimed(case, karin, now=clock())
        decisions.agree(proposed.id, by=karin, now=clock())

        assert before == ([0] * 8, [])
        assert numbers(case) == ([0] * 7 + [1], [(greet.id, 1, 0)])


def numbers(case: Case) -> tuple[list[int], list[tuple[UUID, int, int]]]:
    """Decided week by week, and by whom, how many of these in time."""
    now = edge.now()
    shares = workload.shares([case.organisation_id], now=now)
    return [one.decided for one in workload.weeks(case.organisation_id, now=now)], [
        (one.person_id, one.decided, one.in_time) for one in shares
    ]


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
