"""Fatima's calendar, and a meeting in it."""

from datetime import datetime

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Person
from chat.models import Conversation
from meetings.models import Meeting
from tests.factories import make_device
from tests.meetings.acts import WEDNESDAY, do
from tests.meetings.calendar.fetching import SignIn, address_of


@pytest.fixture
def signed_in(now: datetime) -> SignIn:
    def sign_in(person: Person) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_device(person=person, now=now)[1]}")
        return client

    return sign_in


@pytest.fixture
def stranger() -> Client:
    """A calendar program: no cookie, no token but the address."""
    return Client()


@pytest.fixture
def address(fatima: Person, signed_in: SignIn) -> str:
    """Where Fatima's calendar is, without the host."""
    return address_of(signed_in(fatima))


@pytest.fixture
def meeting(fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> Meeting:
    """Agreed on for Wednesday, with a place."""
    do(annemie, conversation, "propose", times=[WEDNESDAY], place="OCMW Leuven", purpose="health", now=now)
    do(fatima, conversation, "accept", meeting=1, version=1, now=now)
    return Meeting.objects.get()
