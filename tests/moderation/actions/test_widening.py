"""Reading more: with a reason, step by step, and beyond twenty lines with a second person."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden, Invalid
from moderation.actions import opening, widening
from moderation.errors import NotFromHere, NotYourClaim, OwnDecision, StaleVersion, WideningNotFound, WordsNeeded
from moderation.models import Case, Widening
from tests.moderation.casework import audited, claimed, flagged, fresh, say, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_talk(talk: Conversation, fatima: Person, annemie: Person, now: datetime) -> Conversation:
    """Lines 1 to 100."""
    say(talk, *((fatima if seq % 2 else annemie, f"zin {seq}") for seq in range(21, 101)), now=now)
    return talk


@pytest.fixture
def held(long_talk: Conversation, fatima: Person, karin: Person, now: datetime) -> Case:
    """A case on line 50, in the hands of a lead."""
    return claimed(flagged(fatima, long_talk, 50, now=now), karin, now=now)


def ask(case: Case, by: Person, *, lines: int, reason: str = "de aanloop ontbreekt", now: datetime) -> Widening:
    return widening.ask(case.id, lines=lines, reason=reason, by=by, version=fresh(case).version, now=now)


def seqs_of(case: Case, by: Person, *, now: datetime) -> list[int]:
    return [line.seq for line in opening.open_case(case.id, by=by, now=now).lines]


class TestUpToTwentyLines:
    def test_are_there_at_once(self, held: Case, karin: Person, now: datetime) -> None:
        granted = ask(held, karin, lines=20, now=now)

        assert granted.granted_at == now and granted.agreed_by is None
        assert seqs_of(held, karin, now=now) == list(range(30, 71))
        assert {line.step for line in held.evidence.filter(seq__range=(45, 55))} == {0}
        assert {line.step for line in held.evidence.exclude(seq__range=(45, 55))} == {1}

    def test_are_written_down_without_the_reason(self, held: Case, karin: Person, now: datetime) -> None:
        ask(held, karin, lines=20, now=now)

        row = AuditRow.objects.latest("n")
        assert (row.action, row.actor_id, row.detail["around"], row.detail["lines"]) == ("case.widened", karin.id, 20, 30)
        assert "aanloop" not in str(row.detail)
        assert Widening.objects.get().reason == "de aanloop ontbreekt"

    def test_leave_the_evidence_whole(self, held: Case, karin: Person, now: datetime) -> None:
        ask(held, karin, lines=10, now=now)
        ask(held, karin, lines=20, now=now)

        assert opening.open_case(held.id, by=karin, now=now).is_whole
        assert sorted({line.step for line in held.evidence.all()}) == [0, 1, 2]

    def test_around_a_person_are_around_what_they_said_when_they_were_flagged(
        self, long_talk: Conversation, fatima: Person, annemie: Person, karin: Person, now: datetime
    ) -> None:
        case = claimed(flagged(fatima, long_talk, member=2, now=now), karin, now=now)
        say(long_talk, *((annemie, "later") for _ in range(30)), now=now)

        ask(case, karin, lines=10, now=now)

        assert seqs_of(case, karin, now=now) == list(range(90, 111))


class TestBeyondTwenty:
    def test_nothing_is_shown_before_a_second_person_agrees(self, held: Case, karin: Person, lotte: Person, now: datetime) -> None:
        asked = ask(held, karin, lines=40, now=now)
        assert asked.granted_at is None and len(seqs_of(held, karin, now=now)) == 11

        agreed = widening.agree(asked.id, by=lotte, now=now)

        assert (agreed.granted_at, agreed.agreed_by) == (now, lotte)
        assert seqs_of(held, karin, now=now) == list(range(10, 91))
        assert widening.agree(asked.id, by=lotte, now=now) == agreed  # the first answer was lost

    def test_nobody_agrees_with_themselves(self, held: Case, karin: Person, now: datetime) -> None:
        asked = ask(held, karin, lines=21, now=now)

        with pytest.raises(OwnDecision):
            widening.agree(asked.id, by=karin, now=now)

    def test_the_second_is_a_lead_of_the_same_organisation(
        self, held: Case, karin: Person, sofie: Person, stranger: Person, now: datetime
    ) -> None:
        asked = ask(held, karin, lines=21, now=now)

        for by, problem in ((sofie, Forbidden), (stranger, WideningNotFound)):
            with pytest.raises(problem):
                widening.agree(asked.id, by=by, now=now)

    def test_what_was_refused_stays_refused(self, held: Case, karin: Person, lotte: Person, now: datetime) -> None:
        asked = ask(held, karin, lines=40, now=now)
        widening.refuse(asked.id, by=lotte, now=now)

        with pytest.raises(NotFromHere):
            widening.agree(asked.id, by=lotte, now=now)

        assert audited(held)[-2:] == ["widening_asked", "widening_refused"]
        assert ask(held, karin, lines=30, now=now).granted_at is None  # may be asked anew

    def test_one_question_at_a_time(self, held: Case, karin: Person, now: datetime) -> None:
        ask(held, karin, lines=40, now=now)

        with pytest.raises(NotFromHere):
            ask(held, karin, lines=15, now=now)

    def test_comes_too_late_once_it_is_decided(self, held: Case, karin: Person, lotte: Person, now: datetime) -> None:
        asked = ask(held, karin, lines=40, now=now)
        told(held, now=now)

        with pytest.raises(NotFromHere):
            widening.agree(asked.id, by=lotte, now=now)

        assert held.evidence.count() == 11


class TestAsking:
    @pytest.mark.parametrize("lines", [-1, 0, 5, 201, 10_000])
    def test_is_for_more_than_there_is_and_at_most_two_hundred(self, lines: int, held: Case, karin: Person, now: datetime) -> None:
        with pytest.raises(Invalid):
            ask(held, karin, lines=lines, now=now)

    def test_needs_a_reason(self, held: Case, karin: Person, now: datetime) -> None:
        with pytest.raises(WordsNeeded):
            ask(held, karin, lines=10, reason=" ", now=now)

    def test_is_for_a_lead_who_holds_the_case_as_it_is(
        self, held: Case, karin: Person, lotte: Person, sofie: Person, now: datetime
    ) -> None:
        with pytest.raises(Forbidden):
            ask(held, sofie, lines=10, now=now)
        with pytest.raises(NotYourClaim):
            ask(held, lotte, lines=10, now=now)
        with pytest.raises(NotYourClaim):
            ask(held, karin, lines=10, now=now + timedelta(minutes=30))
        with pytest.raises(StaleVersion):
            widening.ask(held.id, lines=10, reason="x", by=karin, version=1, now=now)
