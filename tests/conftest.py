"""What every test stands on: settings and keys of its own, a real database, and the people it is about."""

import gc
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import settings as test_settings

gc.set_threshold(100_000, 20, 100)  # what a run reads and collects stays: as often as Python looks for rubbish, it is a third of the time
test_settings.load()

from django.contrib.auth.hashers import PBKDF2PasswordHasher  # these and models can be imported once the settings are there
from django.db import connection

from accounts.models import Device, Person, Role
from audit import triggers
from chat.models import Conversation
from programmes.models import Circle
from tests.factories import make_circle, make_device, make_person
from tests.promises.room import room
from tests.services import migrated
from tests.services.postgres import Postgres

PBKDF2PasswordHasher.iterations = 1_000  # a thousandth: our tests ask who gets in, not how long guessing takes; servers keep Django's own

# The same stories every time, so that what was good stays good until somebody changes it; who looks for new ones says HYPOTHESIS_PROFILE=nightly.
hypothesis.settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=30, stateful_step_count=40, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.register_profile(
    "nightly", hypothesis.settings.get_profile("ci"), derandomize=False, max_examples=5_000, stateful_step_count=80
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "delivery: a promise of delivery; runs on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "alone: measures how long others take; nothing runs beside it")
    config.option.asyncio_mode = config.option.asyncio_mode or "auto"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On workers side by side the longest files come first; alone they come as they are asked for."""
    if not hasattr(config, "workerinput"):
        return
    listed = Path(__file__).with_name("longest.txt").read_text(encoding="utf-8").splitlines()
    places = {line: place for place, line in enumerate(line for line in listed if not line.startswith("#"))}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_collection_finish() -> None:
    """What is there now stays until the end: nobody need look through it for rubbish any more."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The tables are laid below; what is behind them is gone with its folder."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """A database where every migration ran. With `MAATJE_TEST_DATABASE=postgres`: in a real PostgreSQL for this process, gone when it ends."""
    name = connection.settings_dict["TEST"]["NAME"]
    if not test_settings.IS_POSTGRES:
        migrated.lay_sqlite(Path(name))
        yield
        return
    server = Postgres(is_durable=False)
    server.database(name or f"test_{connection.settings_dict['NAME']}", is_migrated=True)
    test_settings.use_port(server.port)
    yield
    server.remove()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The audit log's triggers are off: a flush deletes. `tests/audit` installs them where they are what is tested."""
    with django_db_blocker.unblock():
        _let_audit_rows_go()


def _let_audit_rows_go() -> None:
    if connection.vendor == "sqlite":
        triggers.remove(connection)


@pytest.fixture(autouse=True)
def audit_rows_may_go(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test that commits did with the triggers, the flush after it can delete."""
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction")
    commits = "transactional_db" in request.fixturenames or is_marked
    if not commits:
        yield
        return
    request.getfixturevalue("transactional_db")
    _let_audit_rows_go()
    yield
    _let_audit_rows_go()


@pytest.fixture(autouse=True)
def _in_the_room(request: pytest.FixtureRequest) -> Iterator[None]:
    with room(alone=request.node.get_closest_marker("alone") is not None):
        yield


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """No test talks to anybody beyond this machine."""
    patch = pytest.MonkeyPatch()
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test wanted to connect to {address[0]}.")
        connect(self, address)

    patch.setattr(socket.socket, "connect", connect_here)
    yield
    patch.undo()


class Clock:
    """The clock that everybody reads while a test holds it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **how_far: float) -> datetime:
        self.at += timedelta(**how_far)
        return self.at


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time stands still at `now`, and moves when the test says so."""
    held = Clock(now)
    monkeypatch.setattr("core.clock.now", held)
    return held


@pytest.fixture
def fatima(db: None, now: datetime) -> Person:
    return make_person(role=Role.PARTICIPANT, name="Fatima", now=now)


@pytest.fixture
def annemie(db: None, now: datetime) -> Person:
    return make_person(role=Role.BUDDY, name="Annemie", now=now)


@pytest.fixture
def nele(db: None, now: datetime) -> Person:
    return make_person(role=Role.COORDINATOR, name="Nele", now=now)


@pytest.fixture
def bram(db: None, now: datetime) -> Person:
    return make_person(role=Role.COORDINATOR, name="Bram", now=now)


@pytest.fixture
def circle(fatima: Person, annemie: Person, nele: Person, bram: Person, clock: Clock) -> Circle:
    """Fatima and Annemie, an active pair; Nele answers for it, Bram is her deputy."""
    return make_circle(people=[fatima, annemie], coordinator=nele, deputy=bram, now=clock())


@pytest.fixture
def conversation(circle: Circle) -> Conversation:
    """Where Fatima (1) and Annemie (2) talk."""
    return circle.conversation


@pytest.fixture
def device(fatima: Person, now: datetime) -> Device:
    """Fatima's phone."""
    return make_device(person=fatima, now=now)[0]
