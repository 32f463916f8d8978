"""Colleagues with a browser of their own, who showed a second factor."""

from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Person, Role
from chat.models import Conversation
from moderation.models import Case
from moderation.words import FlagReason
from tests.conftest import Clock
from tests.factories import make_person
from tests.moderation.casework import flagged, say

SignIn = Callable[[Person], Client]


def sign_in(person: Person) -> Client:
    Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def karim(db: None, now: datetime) -> Person:
    return make_person(role=Role.MODERATOR, name="Karim", now=now)


@pytest.fixture
def lena(db: None, now: datetime) -> Person:
    return make_person(role=Role.MODERATOR, name="Lena", now=now)


@pytest.fixture
def greet(db: None, now: datetime) -> Person:
    return make_person(role=Role.LEAD, name="Greet", now=now)


@pytest.fixture
def office(karim: Person) -> Client:
    """Karim's browser."""
    return sign_in(karim)


WORDS = "Waar was jij gisteren? Geef me geld"


@pytest.fixture
def case(annemie: Person, fatima: Person, conversation: Conversation, clock: Clock) -> Case:
    """Annemie wrote something ugly, and Fatima flagged it as hate."""
    seqs = say(conversation, (fatima, "Dag Annemie"), (annemie, WORDS), (fatima, "Dat wil ik niet"), now=clock())
    return flagged(fatima, conversation, seqs[1], reason=FlagReason.HATE, words="Ik schrok hiervan", now=clock())
