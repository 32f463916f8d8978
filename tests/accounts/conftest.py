from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import Person, Role
from tests.factories import make_device, make_person


@pytest.fixture
def fatima(db: None, now: datetime) -> Person:
    """A participant who gave her number."""
    return make_person(name="Fatima", phone="0470 12 34 56", now=now)


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


@pytest.fixture(autouse=True)
def nobody_tried_before() -> Iterator[None]:
    """Sign-ins are counted by address, and all tests have the same."""
    cache.clear()
    yield
    cache.clear()
