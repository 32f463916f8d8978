"""Colleagues with a browser of their own, who showed a second factor."""

from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Person, Role
from tests.factories import make_person

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
