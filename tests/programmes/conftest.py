from collections.abc import Iterator
from datetime import datetime

import pytest

from accounts.models import Person, Role
from core import facts
from core.facts import Fact
from programmes import facts as told
from programmes.models import Circle
from tests.factories import make_circle, make_person


@pytest.fixture
def nele(db: None, now: datetime) -> Person:
    """A coordinator who can be called."""
    return make_person(role=Role.COORDINATOR, name="Nele", phone="0470 65 43 21", now=now)


@pytest.fixture
def circle(fatima: Person, annemie: Person, nele: Person, bram: Person, now: datetime) -> Circle:
    """Fatima and Annemie, an active pair."""
    return make_circle(people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)


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
