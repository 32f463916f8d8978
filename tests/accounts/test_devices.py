from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import devices, people
from accounts.errors import Suspended
from accounts.facts import AccessWithdrawn
from accounts.models import Device, Person, Role
from core import facts
from core.errors import Forbidden, NotFound
from tests.accounts.together import together
from tests.factories import make_device, make_organisation, make_person


@pytest.fixture
def heard() -> Iterator[list[facts.Fact]]:
    """Every fact about access that is told during the test."""
    told: list[facts.Fact] = []
    facts.heard_by(AccessWithdrawn)(told.append)
    yield told
    facts._handlers[AccessWithdrawn].remove(told.append)


class TestAuthenticate:
    def test_finds_the_device_in_one_query(self, fatima: Person, now: datetime) -> None:
        device, token = make_device(person=fatima, now=now)

        with CaptureQueriesContext(connection) as queries:
            found = devices.authenticate(token, now=now)
            assert found is not None
            assert found.person == fatima

        assert found == device
        assert len(queries) == 1

    @pytest.mark.parametrize("token", ["", "mtj_", "mtj_" + "0" * 64, "x" * 10_000, "mtj_" + "é" * 64, "\ud800", "mtj_" + "0" * 64 + "\n"])
    def test_knows_no_other_token(self, db: None, now: datetime, token: str) -> None:
        assert devices.authenticate(token, now=now) is None

    def test_refuses_who_was_away_for_180_days(self, fatima: Person, now: datetime) -> None:
        _, token = make_device(person=fatima, now=now)

        assert devices.authenticate(token, now=now + timedelta(days=180)) is None

    def test_refuses_who_is_suspended_and_knows_them_again_afterwards(self, fatima: Person, nele: Person, now: datetime) -> None:
        _, token = make_device(person=fatima, now=now)

        people.suspend(person=fatima, by=nele, now=now)
        with pytest.raises(Suspended):
            devices.authenticate(token, now=now)

        people.unsuspend(person=fatima, by=nele, now=now)
        assert devices.authenticate(token, now=now) is not None

    def test_refuses_who_is_erased(self, fatima: Person, now: datetime) -> None:
        _, token = make_device(person=fatima, now=now)
        Person.objects.filter(id=fatima.id).update(erased_at=now, data_key=None)

        assert devices.authenticate(token, now=now) is None

    def test_lengthens_the_stay_at_most_once_a_day(self, fatima: Person, now: datetime) -> None:
        device, token = make_device(person=fatima, now=now)
        for hours in (1, 23, 24, 30):
            devices.authenticate(token, now=now + timedelta(hours=hours))

        device.refresh_from_db()
        assert device.last_seen_at == now + timedelta(hours=24)
        assert device.expiry == now + timedelta(hours=24, days=180)

    def test_survives_a_clock_that_jumps_back(self, fatima: Person, now: datetime) -> None:
        device, token = make_device(person=fatima, now=now)

        assert devices.authenticate(token, now=now - timedelta(days=1)) == device


class TestRevoke:
    def test_makes_the_token_worthless_and_tells(self, fatima: Person, now: datetime, heard: list[facts.Fact]) -> None:
        device, token = make_device(person=fatima, now=now)

        devices.revoke(device=device, by=fatima, now=now)

        assert devices.authenticate(token, now=now) is None
        assert heard == [AccessWithdrawn(fatima.id, 1)]

    def test_may_be_done_twice(self, fatima: Person, now: datetime, heard: list[facts.Fact]) -> None:
        device, _ = make_device(person=fatima, now=now)

        for _ in range(2):
            devices.revoke(device=device, by=fatima, now=now)

        assert len(heard) == 1

    def test_leaves_the_other_devices(self, fatima: Person, now: datetime) -> None:
        (lost, _), (_, token) = make_device(person=fatima, now=now), make_device(person=fatima, now=now)

        devices.revoke(device=lost, by=fatima, now=now)

        assert devices.authenticate(token, now=now)

    def test_treats_somebody_elses_device_as_missing(self, fatima: Person, annemie: Person, now: datetime) -> None:
        device, token = make_device(person=fatima, now=now)

        with pytest.raises(NotFound):
            devices.revoke(device=device, by=annemie, now=now)
        assert devices.authenticate(token, now=now)


class TestRevokeAll:
    def test_signs_out_everywhere_at_once(self, fatima: Person, annemie: Person, now: datetime, heard: list[facts.Fact]) -> None:
        tokens = [make_device(person=fatima, now=now)[1] for _ in range(3)]
        _, hers = make_device(person=annemie, now=now)

        assert devices.revoke_all(person=fatima, by=fatima, now=now) == 3

        assert not any(devices.authenticate(token, now=now) for token in tokens)
        assert devices.authenticate(hers, now=now)
        assert heard[-1] == AccessWithdrawn(fatima.id, 1)

    def test_is_what_a_coordinator_does_for_a_stolen_phone(self, fatima: Person, nele: Person, now: datetime) -> None:
        make_device(person=fatima, now=now)

        assert devices.revoke_all(person=fatima, by=nele, now=now) == 1

    def test_is_not_for_coordinators_of_others(self, fatima: Person, now: datetime) -> None:
        make_device(person=fatima, now=now)
        stranger = make_person(role=Role.COORDINATOR, organisation=make_organisation(name="Elsewhere"), now=now)

        with pytest.raises(Forbidden):
            devices.revoke_all(person=fatima, by=stranger, now=now)
        assert Device.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_raises_the_version_once_for_each_withdrawal_however_many_come_at_once(self, fatima: Person, now: datetime) -> None:
        held = [make_device(person=fatima, now=now)[0] for _ in range(16)]

        together(lambda number: devices.revoke(device=held[number], by=fatima, now=now), threads=16)

        fatima.refresh_from_db()
        assert fatima.access_version == 16
        assert Device.objects.count() == 0
