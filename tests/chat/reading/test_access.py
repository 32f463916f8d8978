"""Whether a device on an open socket may still be there."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.actions import devices, people
from accounts.models import Device, Person
from chat import reading
from live.close_codes import CloseCode

pytestmark = pytest.mark.django_db


class TestAccess:
    def test_is_under_the_version_of_now(self, device: Device, fatima: Person, now: datetime) -> None:
        Person.objects.filter(id=fatima.id).update(access_version=7)

        found = reading.access(device.id, now=now)

        assert (found.code, found.version) == (None, 7)

    def test_ends_when_the_device_is_signed_out(self, device: Device, fatima: Person, now: datetime) -> None:
        devices.revoke(device=device, by=fatima, now=now)

        assert reading.access(device.id, now=now).code is CloseCode.SIGNED_OUT

    def test_ends_when_its_time_is_over(self, device: Device, now: datetime) -> None:
        assert reading.access(device.id, now=now + timedelta(days=180)).code is CloseCode.SIGNED_OUT

    def test_ends_when_the_person_is_suspended(self, device: Device, fatima: Person, now: datetime) -> None:
        people.suspend(person=fatima, by=None, now=now)

        assert reading.access(device.id, now=now).code is CloseCode.SUSPENDED

    @pytest.mark.parametrize("gone", [{"is_active": False}, {"erased_at": datetime(2026, 3, 1).astimezone(), "data_key": None}])
    def test_ends_when_the_person_is_gone(self, device: Device, fatima: Person, now: datetime, gone: dict[str, Any]) -> None:
        Person.objects.filter(id=fatima.id).update(**gone)

        assert reading.access(device.id, now=now).code is CloseCode.SIGNED_OUT
