from collections.abc import Callable
from datetime import datetime

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import Device, Person
from notifications.actions import addresses
from notifications.models import AddressKind, Notice, PushAddress
from tests.chat.conftest import amina, chantal, dirk, group, group_circle  # noqa: F401  # fixtures are found by their names here
from tests.factories import make_device, make_person


@pytest.fixture(autouse=True)
def no_console(settings: Settings) -> None:
    """Notices are for who can be reached, on either database."""
    settings.MAATJE_NOTICES_CONSOLE = False


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
def quiet_start(request: pytest.FixtureRequest) -> None:
    """Nothing waits but what the test makes."""
    if "conversation" in request.fixturenames or "group" in request.fixturenames:
        request.getfixturevalue("conversation" if "conversation" in request.fixturenames else "group")
        forget_introductions()


def ring(device: Device, *, now: datetime, token: str = "") -> PushAddress:
    """Let a phone be rung."""
    return addresses.register(device=device, by=device.person, kind=AddressKind.FCM_TOKEN, value=token or f"token-{device.id}", now=now)


def fates(person: Person, kind: str = "entry") -> list[str]:
    """What became of somebody's notices: `waiting`, `told`, or why one was dropped."""
    return [notice.fate or notice.state for notice in Notice.objects.filter(person=person, kind=kind).order_by("made_at", "id")]


def forget_introductions() -> None:
    """What the making of circles told is not what a test is about."""
    Notice.objects.filter(kind="circle").delete()
