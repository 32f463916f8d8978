from collections.abc import Callable
from datetime import datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import Device, Person, Role
from notifications.actions import addresses
from notifications.models import AddressKind, PushAddress
from tests.factories import make_device, make_person


@pytest.fixture
def fatima(db: None, now: datetime) -> Person:
    """A participant who gave her number."""
    return make_person(name="Fatima", phone="0470 12 34 56", now=now)


@pytest.fixture
def annemies_phone(annemie: Person, now: datetime) -> Device:
    return make_device(person=annemie, now=now)[0]


@pytest.fixture
def rings(device: Device, now: datetime) -> PushAddress:
    """Fatima's phone can be rung."""
    return ring(device, now=now)


@pytest.fixture
def signed_in() -> Callable[[Person], APIClient]:
    """A client that holds a new device of a person."""

    def sign_in(person: Person) -> APIClient:
        _, token = make_device(person=person)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return sign_in


@pytest.fixture
def chantal(db: None, now: datetime) -> Person:
    return make_person(role=Role.PARTICIPANT, name="Chantal", now=now)


def ring(device: Device, *, now: datetime, token: str = "") -> PushAddress:
    """Let a phone be rung."""
    return addresses.register(device=device, by=device.person, kind=AddressKind.FCM_TOKEN, value=token or f"token-{device.id}", now=now)
