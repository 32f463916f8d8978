"""Two at once: one decision, one appeal, and no one waits in a circle."""

from datetime import datetime

import pytest

from accounts.actions import people
from accounts.models import Person
from chat.models import Conversation
from core.errors import DomainError
from moderation.actions import appeals, decisions
from moderation.models import Appeal, Case, Decision, Statement
from moderation.words import DecisionKind, StatementKind
from tests.chat.together import together
from tests.chat.words import message, send
from tests.moderation.casework import fresh
from tests.moderation.deciding import decided, held_case, letter_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


@pytest.fixture
def held(fatima: Person, talk: Conversation, karin: Person, now: datetime) -> Case:
    return held_case(fatima, talk, karin, now=now)


class TestTwoAtOnce:
    def test_decide_once(self, held: Case, annemie: Person, karin: Person, now: datetime) -> None:
        """The same page in two tabs."""
        version = fresh(held).version

        def click(_: int) -> str:
            try:
                decisions.decide(held.id, kind=DecisionKind.HIDE, clause="respect", words="x", by=karin, version=version, now=now)
            except DomainError as problem:
                return problem.code
            return "decided"

        said = together(click, threads=4)

        assert said.count("decided") == 1 and set(said) <= {"decided", "not_your_claim", "stale_version"}
        assert Decision.objects.count() == 1
        assert Statement.objects.filter(person=annemie).count() == 1

    def test_appeal_once(self, held: Case, annemie: Person, karin: Person, now: datetime) -> None:
        decided(held, DecisionKind.WARN, karin, now=now)
        letter = letter_to(annemie, StatementKind.RESTRICTION)

        def press(_: int) -> str:
            try:
                appeals.appeal(statement_id=letter.id, words="nee", by=annemie, now=now)
            except DomainError as problem:
                return problem.code
            return "appealed"

        said = together(press, threads=4)

        assert sorted(said) == ["appealed", *["nothing_to_appeal"] * 3]
        assert Appeal.objects.count() == 1

    @pytest.mark.parametrize("kind", [DecisionKind.SUSPEND, DecisionKind.HIDE, DecisionKind.PAUSE_CIRCLE], ids=str)
    def test_let_others_suspend_and_write_meanwhile(
        self,
        held: Case,
        talk: Conversation,
        fatima: Person,
        annemie: Person,
        karin: Person,
        nele: Person,
        now: datetime,
        kind: DecisionKind,
    ) -> None:
        """Nobody waits in a circle: a database that found one would fail somebody."""
        version = fresh(held).version

        def at_once(number: int) -> object:
            match number % 4:
                case 0:
                    return decisions.decide(held.id, kind=kind, clause="respect", words="x", by=karin, version=version, now=now)
                case 1:
                    return people.suspend(person=annemie, by=nele, now=now)
                case 2:
                    return send(message(annemie, talk), message(fatima, talk), now=now)
                case _:
                    return send(message(fatima, talk), now=now)

        together(at_once, threads=4)

        annemie.refresh_from_db()
        assert annemie.suspended_at is not None
        assert fresh(held).decided_at == now
