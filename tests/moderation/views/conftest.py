"""Members at the door of plain HTTP."""

from collections.abc import Callable
from datetime import datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import Person
from tests.factories import make_device

SignIn = Callable[[Person], APIClient]


@pytest.fixture
def signed_in(now: datetime) -> SignIn:
    def sign_in(person: Person) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_device(person=person, now=now)[1]}")
        return client

    return sign_in
