"""An escalation that nobody acknowledges climbs: coordinator, deputy, lead, administrator."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from moderation.actions import climbing, escalations
from moderation.models import Escalation
from moderation.words import Urgency
from notifications.models import Notice
from tests.conftest import Clock
from tests.factories import make_person
from tests.moderation.duty import make_absence

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


@pytest.fixture
def lien(clock: Clock) -> Person:
    return make_person(role=Role.LEAD, name="Lien", now=clock())


@pytest.fixture
def ada(clock: Clock) -> Person:
    return make_person(role=Role.ADMINISTRATOR, name="Ada", now=clock())


@pytest.fixture
def escalation(annemie: Person, conversation: Conversation, clock: Clock, lien: Person, ada: Person) -> Escalation:
    return escalations.escalate(
        by_id=annemie.id, conversation_id=conversation.id, escalation_id=uuid4(), urgency=Urgency.TODAY, now=clock()
    )


def climb(escalation: Escalation, clock: Clock, **later: float) -> Escalation:
    clock.move(**later)
    climbing.climb_due(now=clock())
    return Escalation.objects.select_related("assigned_to").get(id=escalation.id)


def called(person: Person) -> int:
    return Notice.objects.filter(person=person, kind="duty").count()


class TestClimbing:
    def test_goes_all_the_way_up(self, escalation: Escalation, nele: Person, bram: Person, lien: Person, ada: Person, clock: Clock) -> None:
        held = [escalation.assigned_to, *(climb(escalation, clock, hours=2.1).assigned_to for _ in range(3))]

        assert held == [nele, bram, lien, ada]
        assert [called(one) for one in (nele, bram, lien, ada)] == [1, 1, 1, 1]

    def test_each_next_one_has_half_the_time(self, escalation: Escalation, clock: Clock) -> None:
        before = climb(escalation, clock, hours=2)

        assert before.due_at == clock() + timedelta(hours=1)

    def test_rings_again_half_way(self, escalation: Escalation, nele: Person, clock: Clock) -> None:
        Notice.objects.all().delete()

        climb(escalation, clock, minutes=59)
        assert called(nele) == 0
        climb(escalation, clock, minutes=1)
        climb(escalation, clock, minutes=1)

        assert called(nele) == 1

    def test_stops_once_somebody_saw_it(self, escalation: Escalation, nele: Person, clock: Clock) -> None:
        escalations.acknowledge(escalation.id, by=nele, version=1, now=clock())

        assert climb(escalation, clock, days=3).step == 0

    def test_goes_past_who_is_away(self, escalation: Escalation, bram: Person, lien: Person, clock: Clock) -> None:
        make_absence(bram, on=clock())

        assert climb(escalation, clock, hours=2).assigned_to == lien

    def test_goes_past_a_stand_in_who_answers_no_questions(self, escalation: Escalation, bram: Person, lien: Person, clock: Clock) -> None:
        make_absence(bram, on=clock(), stand_in=make_person(role=Role.MODERATOR, name="Sofie", now=clock()))

        assert climb(escalation, clock, hours=2).assigned_to == lien

    def test_at_the_top_it_rings_every_day(self, escalation: Escalation, ada: Person, clock: Clock) -> None:
        for _ in range(3):
            climb(escalation, clock, hours=2.1)
        Notice.objects.all().delete()

        topmost = [climb(escalation, clock, hours=25).step for _ in range(2)]

        assert topmost == [3, 3]
        assert called(ada) == 1  # one that waits is renewed

    def test_each_step_is_in_the_audit_log(self, escalation: Escalation, clock: Clock) -> None:
        climb(escalation, clock, hours=2)

        row = AuditRow.objects.get(action="escalation.handed_up")
        assert (row.actor_id, row.detail) == (None, {"from_step": 0, "step": 1})
