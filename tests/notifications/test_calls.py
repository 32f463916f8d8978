"""Letters and duties: what moderation tells."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import Person, Role
from moderation.models import Case
from moderation.words import CaseState
from notifications import policy
from notifications.actions import calls
from notifications.actions.circumstances import Around
from notifications.models import AddressKind, Notice
from notifications.policy import Drop, Tell, Wait
from programmes.models import Circle
from tests.factories import make_person
from tests.moderation.duty import put_case
from tests.notifications.post import make_address

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]
NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


@pytest.fixture
def karim(now: datetime) -> Person:
    return make_person(role=Role.MODERATOR, name="Karim", now=now)


def fate(notice: Notice, *, now: datetime) -> policy.Fate:
    return policy.fate_of(notice, Around([notice], now=now).of(notice), now)


class TestALetter:
    def test_waits_once_however_many_there_are(self, fatima: Person, now: datetime) -> None:
        calls.tell_of_statement(person_id=fatima.id, now=now)
        calls.tell_of_statement(person_id=fatima.id, now=now + timedelta(hours=1))

        assert Notice.objects.filter(person=fatima, kind="statement").count() == 1

    def test_does_not_ring_at_night(self, fatima: Person) -> None:
        make_address(fatima, now=NIGHT)
        calls.tell_of_statement(person_id=fatima.id, now=NIGHT)

        assert fate(Notice.objects.get(kind="statement"), now=NIGHT) == Wait(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))


class TestADuty:
    @pytest.fixture
    def case(self, circle: Circle) -> Case:
        return put_case(circle, now=NIGHT)

    def call(self, person: Person, case: Case, *, is_urgent: bool) -> Notice:
        calls.tell_staff(person_ids=[person.id], what="case", subject_id=case.id, is_urgent=is_urgent, now=NIGHT)
        return Notice.objects.get(kind="duty")

    def test_that_cannot_wait_rings_at_night_by_every_way_there_is(self, karim: Person, case: Case) -> None:
        addresses = [make_address(karim, kind=kind, value=value, now=NIGHT) for kind, value in (
            (AddressKind.FCM_TOKEN, "token"), (AddressKind.SMS, "+32470123456"), (AddressKind.EMAIL, "karim@maatje.example"),
        )]  # fmt: skip

        told = fate(self.call(karim, case, is_urgent=True), now=NIGHT)

        assert isinstance(told, Tell)
        assert {address.id for address in told.addresses if address} == {address.id for address in addresses}

    def test_that_can_wait_waits_for_the_morning(self, karim: Person, case: Case) -> None:
        make_address(karim, now=NIGHT)

        assert isinstance(fate(self.call(karim, case, is_urgent=False), now=NIGHT), Wait)

    def test_is_told_no_more_once_somebody_did_it(self, karim: Person, case: Case) -> None:
        make_address(karim, now=NIGHT)
        notice = self.call(karim, case, is_urgent=True)
        Case.objects.filter(id=case.id).update(state=CaseState.DECIDED, decided_at=NIGHT)

        assert fate(notice, now=NIGHT) == Drop("overtaken")

    def test_of_something_that_is_gone_is_told_no_more(self, karim: Person) -> None:
        make_address(karim, now=NIGHT)
        calls.tell_staff(person_ids=[karim.id], what="appeal", subject_id=uuid4(), is_urgent=False, now=NIGHT)

        assert fate(Notice.objects.get(kind="duty"), now=NIGHT) == Drop("overtaken")
