from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import Person, Role
from audit import triggers
from audit.models import AuditRow
from privacy import keyring
from tests.factories import make_device, make_person


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own for each test, with keys made when first needed."""
    settings.MAATJE_DATA = tmp_path
    keyring.reset()
    yield tmp_path
    keyring.reset()


@pytest.fixture
def committing(transactional_db: None) -> Iterator[None]:
    """The test commits, so that threads see each other's work; afterwards its audit rows, which never go, do go."""
    yield
    triggers.remove(connection)
    AuditRow.objects.all().delete()
    triggers.install(connection)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def fatima(db: None, now: datetime) -> Person:
    return make_person(name="Fatima", phone="0470 12 34 56", now=now)


@pytest.fixture
def annemie(db: None, now: datetime) -> Person:
    return make_person(role=Role.BUDDY, name="Annemie", now=now)


@pytest.fixture
def nele(db: None, now: datetime) -> Person:
    return make_person(role=Role.COORDINATOR, name="Nele", now=now)


@pytest.fixture
def administrator(db: None, now: datetime) -> Person:
    return make_person(role=Role.ADMINISTRATOR, name="Ada", now=now)


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
def anonymous(db: None) -> APIClient:
    return APIClient()
