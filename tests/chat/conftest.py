"""Conversations and those who talk in them."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat.models import Conversation
from core.models import Log
from programmes.models import Circle, CircleKind
from tests.conftest import Clock
from tests.factories import make_circle, make_person


@pytest.fixture
def log(db: None) -> Log:
    """The log of this database, as after a first boot."""
    return Log.objects.get_or_create(id=1)[0]


@pytest.fixture
def chantal(db: None, now: datetime) -> Person:
    return make_person(name="Chantal", now=now)


@pytest.fixture
def dirk(db: None, now: datetime) -> Person:
    return make_person(name="Dirk", now=now)


@pytest.fixture
def amina(db: None, now: datetime) -> Person:
    return make_person(name="Amina", now=now)


@pytest.fixture
def group_circle(chantal: Person, dirk: Person, amina: Person, nele: Person, bram: Person, clock: Clock) -> Circle:
    return make_circle(kind=CircleKind.PEER_GROUP, people=[chantal, dirk, amina], coordinator=nele, deputy=bram, now=clock())


@pytest.fixture
def group(group_circle: Circle) -> Conversation:
    """Where Chantal (1), Dirk (2) and Amina (3) talk."""
    return group_circle.conversation


@pytest.fixture
def elsewhere(nele: Person, bram: Person, clock: Clock) -> Conversation:
    """A pair that has nothing to do with Fatima and Annemie."""
    return make_circle(coordinator=nele, deputy=bram, now=clock()).conversation
