from datetime import datetime

import pytest

from accounts.actions import blocks, devices, invites, people
from accounts.models import Device, Invite, Person, Role
from core.errors import Forbidden, NotFound
from programmes.actions import organisations
from programmes.models import Circle, Organisation, OrganisationMember
from tests.factories import make_device, make_organisation, make_person


@pytest.fixture
def elsewhere(db: None, now: datetime) -> Organisation:
    return make_organisation(name="Elsewhere", now=now)


@pytest.fixture
def stranger(elsewhere: Organisation, now: datetime) -> Person:
    """A coordinator of another organisation."""
    return make_person(role=Role.COORDINATOR, organisation=elsewhere, now=now)


class TestCoordinatorsOfAnotherOrganisation:
    def test_let_nobody_in(self, fatima: Person, stranger: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            invites.make(person=fatima, by=stranger, now=now)

        assert not Invite.objects.exists()

    def test_revoke_nobodys_invite(self, fatima: Person, nele: Person, stranger: Person, now: datetime) -> None:
        invite, _ = invites.make(person=fatima, by=nele, now=now)

        with pytest.raises(Forbidden):
            invites.revoke(invite=invite, by=stranger, now=now)

        invite.refresh_from_db()
        assert invite.revoked_at is None

    def test_suspend_nobody_and_bring_nobody_back(self, fatima: Person, nele: Person, stranger: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            people.suspend(person=fatima, by=stranger, now=now)
        people.suspend(person=fatima, by=nele, now=now)
        with pytest.raises(Forbidden):
            people.unsuspend(person=fatima, by=stranger, now=now)

        fatima.refresh_from_db()
        assert fatima.suspended_at == now

    def test_sign_nobody_out(self, fatima: Person, stranger: Person, now: datetime) -> None:
        make_device(person=fatima, now=now)

        with pytest.raises(Forbidden):
            devices.revoke_all(person=fatima, by=stranger, now=now)

        assert Device.objects.count() == 1

    def test_take_nobody_over(self, fatima: Person, stranger: Person, elsewhere: Organisation, now: datetime) -> None:
        with pytest.raises(Forbidden):
            organisations.welcome(organisation=elsewhere, person=fatima, by=stranger, now=now)

        assert not OrganisationMember.objects.filter(organisation=elsewhere, person=fatima).exists()


class TestOwnCoordinators:
    def test_let_their_own_people_in_and_newcomers(self, fatima: Person, nele: Person, now: datetime) -> None:
        for person in (fatima, make_person(is_alone=True, now=now)):
            assert invites.make(person=person, by=nele, now=now)

    def test_administrators_are_nowhere_strangers(self, fatima: Person, now: datetime) -> None:
        ada = make_person(role=Role.ADMINISTRATOR, is_alone=True, now=now)

        assert invites.make(person=fatima, by=ada, now=now)


class TestBlocking:
    def test_reaches_the_people_of_ones_circles_past_and_present(
        self, circle: Circle, fatima: Person, annemie: Person, nele: Person, now: datetime
    ) -> None:
        circle.members.filter(person=annemie).update(left_at=now)

        blocks.add(blocker=fatima, blocked=annemie, now=now)
        blocks.add(blocker=annemie, blocked=fatima, now=now)
        blocks.add(blocker=fatima, blocked=nele, now=now)

        assert fatima.blocks_made.count() == 2

    def test_reaches_nobody_of_another_circle(self, circle: Circle, fatima: Person, now: datetime) -> None:
        with pytest.raises(NotFound):
            blocks.add(blocker=fatima, blocked=make_person(now=now), now=now)
