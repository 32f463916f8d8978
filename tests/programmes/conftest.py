from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import Person, Role
from core import facts
from core.facts import Fact
from privacy import keyring
from programmes import facts as told
from programmes.models import Circle
from tests.factories import make_circle, make_person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own for each test, with keys made when first needed."""
    settings.MAATJE_DATA = tmp_path
    keyring.reset()
    yield tmp_path
    keyring.reset()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def fatima(db: None) -> Person:
    return make_person(name="Fatima", now=NOW)


@pytest.fixture
def annemie(db: None) -> Person:
    return make_person(role=Role.BUDDY, name="Annemie", now=NOW)


@pytest.fixture
def nele(db: None) -> Person:
    return make_person(role=Role.COORDINATOR, name="Nele", phone="0470 65 43 21", now=NOW)


@pytest.fixture
def bram(db: None) -> Person:
    return make_person(role=Role.COORDINATOR, name="Bram", now=NOW)


@pytest.fixture
def circle(fatima: Person, annemie: Person, nele: Person, bram: Person) -> Circle:
    """Fatima and Annemie, an active pair."""
    return make_circle(people=[fatima, annemie], coordinator=nele, deputy=bram, now=NOW)


@pytest.fixture
def heard() -> Iterator[list[Fact]]:
    """Every fact about circles that is told during the test."""
    kinds = (
        told.CircleIntroduced, told.CircleMemberJoined, told.CircleMemberLeft,
        told.CirclePaused, told.CircleResumed, told.CircleEnded,
    )  # fmt: skip
    everything: list[Fact] = []
    for kind in kinds:
        facts.heard_by(kind)(everything.append)
    yield everything
    for kind in kinds:
        facts._handlers[kind].remove(everything.append)
