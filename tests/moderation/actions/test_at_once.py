"""Somebody loses access at once, beside any case: they have a letter, a ground and an appeal all the same."""

from datetime import datetime

import pytest

from accounts.actions import erasure, people
from accounts.models import Person, Role
from chat.models import Conversation
from moderation import letters
from moderation.actions import decisions
from moderation.clauses import CLAUSES
from moderation.errors import DecisionHolds, OwnCircle
from moderation.models import Case, Decision, Statement
from moderation.words import CaseState, DecisionKind, StatementKind
from tests.conftest import Clock
from tests.factories import make_person
from tests.moderation.casework import audited, flagged, fresh
from tests.moderation.deciding import answered, appealed, decided, held_case, letter_to, letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

K = DecisionKind


class TestSuspendingAtOnce:
    def test_gives_a_letter_with_who_why_on_which_ground_and_how_to_appeal(
        self, annemie: Person, nele: Person, talk: Conversation, now: datetime
    ) -> None:
        people.suspend(person=annemie, by=nele, now=now)

        letter = letters.tell(letter_to(annemie, StatementKind.RESTRICTION), language="en")
        text = " ".join(letter.paragraphs)
        assert letter.title == "You cannot use Maatje now"
        for said in ("Somebody of your organisation stopped your access at once.", CLAUSES["safety"]["en"], "somebody else looks again"):
            assert said in text
        assert "reported" not in text and "zin" not in text and "treated others" not in text

    def test_keeps_no_word_of_anybody_and_calls_nobody(self, annemie: Person, nele: Person, talk: Conversation, now: datetime) -> None:
        people.suspend(person=annemie, by=nele, now=now)

        case = Case.objects.get()
        assert (case.state, case.subject, case.evidence.count()) == (CaseState.CLOSED, annemie, 0)
        assert audited(case) == ["opened", "claimed", "decided", "closed"]

    def test_joins_a_case_about_them_that_is_open_and_leaves_it_open(
        self, annemie: Person, fatima: Person, nele: Person, talk: Conversation, now: datetime
    ) -> None:
        case = flagged(fatima, talk, member=2, now=now)

        people.suspend(person=annemie, by=nele, now=now)

        assert Decision.objects.get().case == case == Case.objects.get()
        assert fresh(case).state == CaseState.NEW
        assert letters_to(fatima) == []  # nobody decided on what she flagged

    def test_again_writes_nothing(self, annemie: Person, nele: Person, talk: Conversation, now: datetime) -> None:
        for _ in range(2):
            people.suspend(person=annemie, by=nele, now=now)

        assert Statement.objects.count() == Decision.objects.count() == 1

    def test_of_staff_by_the_operator_or_of_who_has_no_circle_is_no_decision(
        self, annemie: Person, sofie: Person, nele: Person, talk: Conversation, now: datetime
    ) -> None:
        newcomer = make_person(role=Role.PARTICIPANT, now=now)

        people.suspend(person=sofie, by=make_person(role=Role.ADMINISTRATOR, now=now), now=now)
        people.suspend(person=annemie, by=None, now=now)
        people.suspend(person=newcomer, by=nele, now=now)

        assert not Decision.objects.exists()

    def test_of_a_case_has_the_letter_of_that_case_alone(
        self, annemie: Person, fatima: Person, karin: Person, talk: Conversation, now: datetime
    ) -> None:
        decided(held_case(fatima, talk, karin, now=now), K.SUSPEND, karin, now=now)

        assert len(letters_to(annemie)) == Decision.objects.count() == 1

    def test_does_not_keep_anybody_from_being_forgotten(self, annemie: Person, nele: Person, talk: Conversation, now: datetime) -> None:
        people.suspend(person=annemie, by=nele, now=now)

        assert erasure.erase(person=annemie, by=None, now=now) is None or not Person.objects.get(id=annemie.id).name


class TestAnAppeal:
    def test_is_decided_by_somebody_outside_the_circle_and_gives_access_back(
        self, annemie: Person, nele: Person, rosa: Person, talk: Conversation, clock: Clock
    ) -> None:
        people.suspend(person=annemie, by=nele, now=clock())
        made = appealed(annemie, now=clock.move(days=1))
        with pytest.raises(OwnCircle):
            answered(made, "overturned", make_lead_of(talk, now=clock()), now=clock())

        answered(made, "overturned", rosa, now=clock())

        annemie.refresh_from_db()
        assert annemie.suspended_at is None


class TestGivingAccessBack:
    def test_beside_any_case_ends_it_and_says_so(self, annemie: Person, nele: Person, talk: Conversation, now: datetime) -> None:
        people.suspend(person=annemie, by=nele, now=now)

        people.unsuspend(person=annemie, by=nele, now=now)

        assert Decision.objects.get().ended_at is not None
        assert letters.tell(letters_to(annemie)[-1], language="en").title == "You can use Maatje again"

    def test_never_ends_what_a_case_decided(
        self, annemie: Person, fatima: Person, nele: Person, karin: Person, talk: Conversation, now: datetime
    ) -> None:
        people.suspend(person=annemie, by=nele, now=now)
        decided(held_case(fatima, talk, karin, now=now), K.SUSPEND, karin, now=now)

        with pytest.raises(DecisionHolds):
            people.unsuspend(person=annemie, by=nele, now=now)

    def test_is_a_leads_too(self, annemie: Person, nele: Person, karin: Person, talk: Conversation, now: datetime) -> None:
        people.suspend(person=annemie, by=nele, now=now)

        decisions.lift(Decision.objects.get().id, by=karin, now=now)

        annemie.refresh_from_db()
        assert annemie.suspended_at is None
        assert len(letters_to(annemie, StatementKind.RESTORED)) == 1


def make_lead_of(conversation: Conversation, *, now: datetime) -> Person:
    """A lead who answers for this circle."""
    lead = make_person(role=Role.LEAD, now=now)
    conversation.circle.deputy = lead
    conversation.circle.save()
    return lead
