"""Erasing waits while a case about somebody is open, and says so; the words of their conversation wait too."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import erasure
from accounts.models import Person
from chat.models import Conversation
from moderation.actions import cases
from moderation.errors import CaseOpen
from moderation.models import Case, HeldDraft
from moderation.words import DecisionKind
from privacy import retention
from tests.conftest import Clock
from tests.moderation.casework import claimed, flagged, fresh
from tests.moderation.deciding import decided
from tests.moderation.premoderation import held_case_of, holds, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(fatima: Person, talk: Conversation, now: datetime) -> Case:
    """On what Annemie said."""
    return flagged(fatima, talk, 2, now=now)


def closed(case: Case, by: Person, *, now: datetime) -> Case:
    decided(claimed(case, by, now=now), DecisionKind.NOTHING, by, now=now)
    return cases.close(case.id, by=by, version=fresh(case).version, now=now)


class TestErasingSomebody:
    def test_waits_while_a_case_about_them_is_open_and_changes_nothing(self, case: Case, annemie: Person, now: datetime) -> None:
        with pytest.raises(CaseOpen) as refused:
            erasure.erase(person=annemie, by=None, now=now)

        assert refused.value.facts == {"cases": 1}
        annemie.refresh_from_db()
        assert (annemie.name, annemie.erased_at) == ("Annemie", None)

    def test_is_refused_in_a_sentence_on_the_command_line(self, case: Case, annemie: Person) -> None:
        with pytest.raises(CommandError, match="A case about this person is open"):
            call_command("erase_person", str(annemie.id), "--yes")

    def test_does_not_wait_for_a_case_that_they_brought(self, case: Case, fatima: Person, now: datetime) -> None:
        assert erasure.erase(person=fatima, by=None, now=now).erased_at == now

    @pytest.mark.usefixtures("fresh_choices")
    def test_takes_along_what_was_not_let_through(self, group: Conversation, chantal: Person, sofie: Person, now: datetime) -> None:
        holds(group)
        waiting(chantal, group, "Dag", now=now)
        held = held_case_of(chantal, sofie, now=now)
        decided(held, DecisionKind.HIDE, sofie, now=now)
        cases.close(held.id, by=sofie, version=fresh(held).version, now=now)

        erasure.erase(person=chantal, by=None, now=now)

        assert not HeldDraft.objects.exists()

    def test_goes_on_once_it_is_closed(self, case: Case, annemie: Person, sofie: Person, now: datetime) -> None:
        closed(case, sofie, now=now)

        assert erasure.erase(person=annemie, by=None, now=now).erased_at == now


class TestTheWordsOfAConversation:
    def due(self, now: datetime) -> int:
        (policy,) = [one for one in retention.policies() if one.model == "chat.Conversation"]
        return retention.apply(policy, now=now)

    def test_wait_while_a_case_there_is_open(self, case: Case, talk: Conversation, sofie: Person, clock: Clock) -> None:
        long_ago = clock() - timedelta(days=800)
        Conversation.objects.filter(id=talk.id).update(closes_at=long_ago, closed_at=long_ago)
        assert self.due(clock()) == 0

        closed(case, sofie, now=clock())

        assert self.due(clock()) == 1

    def test_of_others_do_not(self, case: Case, group: Conversation, clock: Clock) -> None:
        long_ago = clock() - timedelta(days=800)
        Conversation.objects.filter(id=group.id).update(closes_at=long_ago, closed_at=long_ago)

        assert self.due(clock()) == 1
