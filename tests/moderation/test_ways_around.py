"""What was decided in a case is not undone beside it, and nobody becomes the judge of their own circle."""

from datetime import datetime

import pytest

from accounts.actions import people
from accounts.models import Person
from chat.models import Conversation
from moderation.actions import decisions
from moderation.errors import DecisionHolds, OwnCircle
from moderation.models import Recusal
from moderation.reading import queue
from moderation.words import DecisionKind
from programmes.actions import circles
from tests.moderation.casework import claimed, flagged
from tests.moderation.deciding import banned, decided, held_case

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


class TestGivingAccessBack:
    def test_waits_for_the_ban_of_two_people(
        self, fatima: Person, annemie: Person, nele: Person, talk: Conversation, karin: Person, lotte: Person, now: datetime
    ) -> None:
        banned(held_case(fatima, talk, karin, now=now), karin, lotte, now=now)

        with pytest.raises(DecisionHolds):
            people.unsuspend(person=annemie, by=nele, now=now)

        annemie.refresh_from_db()
        assert annemie.suspended_at == now

    def test_is_open_again_once_the_decision_was_lifted(
        self, fatima: Person, annemie: Person, nele: Person, talk: Conversation, karin: Person, now: datetime
    ) -> None:
        decision = decided(held_case(fatima, talk, karin, now=now), DecisionKind.SUSPEND, karin, now=now)
        decisions.lift(decision.id, by=karin, now=now)
        annemie.refresh_from_db()
        assert annemie.suspended_at is None

        people.suspend(person=annemie, by=nele, now=now)
        assert people.unsuspend(person=annemie, by=nele, now=now).suspended_at is None


class TestALeadWhoHandedTheirCircleToAColleague:
    @pytest.fixture(autouse=True)
    def _circle_of_karin(self, talk: Conversation, karin: Person, nele: Person, bram: Person, now: datetime) -> None:
        circles.set_coordinators(circle=talk.circle, coordinator=karin, deputy=bram, by=None, now=now)
        circles.set_coordinators(circle=talk.circle, coordinator=nele, deputy=bram, by=karin, now=now)

    def test_gets_none_of_its_cases(self, fatima: Person, talk: Conversation, karin: Person, lotte: Person, now: datetime) -> None:
        case = flagged(fatima, talk, 2, now=now)

        with pytest.raises(OwnCircle):
            claimed(case, karin, now=now)

        assert queue.rows(karin, now=now) == []
        assert claimed(case, lotte, now=now).claimed_by == lotte

    def test_stays_out_however_often_it_changes_hands(
        self, talk: Conversation, karin: Person, nele: Person, bram: Person, now: datetime
    ) -> None:
        circles.set_coordinators(circle=talk.circle, coordinator=karin, deputy=bram, by=None, now=now)
        circles.set_coordinators(circle=talk.circle, coordinator=bram, deputy=nele, by=karin, now=now)

        assert set(Recusal.objects.values_list("person_id", flat=True)) == {karin.id, nele.id}
