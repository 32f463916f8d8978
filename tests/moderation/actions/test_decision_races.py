"""Two at once: one decision, one appeal, and no one waits in a circle."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from accounts.actions import people
from accounts.models import Person
from audit import log
from chat.models import Conversation
from core.errors import DomainError
from moderation.actions import appeals, decisions, holding
from moderation.models import Appeal, Case, Decision, HeldDraft, Statement
from moderation.words import DecisionKind, StatementKind
from tests.chat.together import together
from tests.chat.words import message, send
from tests.conftest import Clock
from tests.moderation.casework import fresh, raise_flag, say
from tests.moderation.deciding import decided, held_case, letter_to
from tests.moderation.premoderation import THREAT, held_case_of, holds, waiting

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


@pytest.mark.usefixtures("fresh_choices")
class TestWhatWaits:
    @pytest.mark.parametrize("kind", [DecisionKind.NOTHING, DecisionKind.SUSPEND], ids=str)
    def test_and_what_is_said_beside_it_wait_for_nobody_forever(
        self, group: Conversation, chantal: Person, dirk: Person, karin: Person, nele: Person, clock: Clock, kind: DecisionKind
    ) -> None:
        """Locks are taken in one order: people, conversations, cases, what waits, the end of the audit log."""
        holds(group, "signals", hours=1)
        waiting(chantal, group, THREAT, now=clock())
        (seq,) = say(group, (dirk, "goed"), now=clock())
        case = held_case_of(chantal, karin, now=clock())
        version, later = fresh(case).version, clock.move(minutes=20)

        def at_once(number: int) -> object:
            match number % 6:
                case 0:
                    return decide(case, kind, karin, version, now=later)
                case 1:
                    return holding.release_due(now=later + timedelta(hours=1))
                case 2:
                    return send(message(chantal, group, THREAT), message(dirk, group, THREAT), message(chantal, group), now=later)
                case 3:
                    return people.suspend(person=dirk, by=nele, now=later)
                case 4:
                    return raise_flag(chantal, group, seq, now=later)
                case _:
                    return holding.release(case.id, by=karin, version=version, now=later)

        said = together(lambda number: code_of(lambda: at_once(number)), threads=12)

        assert "deadlock" not in said
        assert HeldDraft.objects.get(conversation=group, sender=chantal, at__lt=later).state in {"released", "declined"}
        assert log.verify(signed={})[1] is None


def decide(case: Case, kind: DecisionKind, by: Person, version: int, *, now: datetime) -> Decision:
    clause = "no_breach" if kind is DecisionKind.NOTHING else "respect"
    return decisions.decide(case.id, kind=kind, clause=clause, words="x", by=by, version=version, now=now)


def code_of(what: Callable[[], object]) -> str:
    try:
        what()
    except DomainError as problem:
        return problem.code
    except OperationalError as problem:
        if "deadlock" in str(problem):  # which `together` would try again, and nobody would know
            return "deadlock"
        raise
    return "ok"
