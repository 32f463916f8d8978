"""Conversations and those who talk in them."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
import pytest_asyncio
from pytest_django import Settings

from accounts.models import Device, Person
from chat.models import Conversation
from core import clock as clock_module
from core.models import Log
from programmes.models import Circle, CircleKind
from tests.chat.in_process import InProcess
from tests.conftest import Clock
from tests.factories import make_circle, make_device, make_person

pytest.register_assert_rewrite("tests.chat.machine")  # what must hold is said there

PhoneOf = Callable[[Person], Device]


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


@pytest.fixture
def unhurried(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks do not linger, and the sweep comes when the test calls it."""
    monkeypatch.setattr("chat.engine.MARKS_LINGER", 0)
    settings.MAATJE_SWEEP_SECONDS = 3_600


@pytest_asyncio.fixture
async def process(transactional_db: None, log: Log, unhurried: None) -> AsyncIterator[InProcess]:
    """A server process without a server; the test commits."""
    running = InProcess()
    yield running
    await running.stop()


@pytest.fixture
def phone_of() -> PhoneOf:
    """A new device of somebody."""
    return lambda person: make_device(person=person, now=clock_module.now())[0]


@pytest.fixture
def fatimas(fatima: Person, phone_of: PhoneOf, conversation: Conversation) -> Device:
    """One more phone of hers, and her conversation is there."""
    return phone_of(fatima)


@pytest.fixture
def annemies(annemie: Person, phone_of: PhoneOf, conversation: Conversation) -> Device:
    return phone_of(annemie)
