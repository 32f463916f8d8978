"""Houses whose doors are tried: one for each server, built when a test first asks, gone when the run ends."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contracts import cast
from tests.contracts.cast import Cast
from tests.promises.houses import House


def _stand(name: str, server: str, **settings: Any) -> Iterator[House]:
    house = House(name, servers=[server], **{**cast.SETTINGS, **settings})
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def daphne_house() -> Iterator[House]:
    yield from _stand("doors_daphne", "daphne")


@pytest.fixture(scope="session")
def uvicorn_house() -> Iterator[House]:
    yield from _stand("doors_uvicorn", "uvicorn")


@pytest.fixture(params=["daphne", "uvicorn"])
def door(request: pytest.FixtureRequest) -> House:
    """A house, on each server."""
    house: House = request.getfixturevalue(f"{request.param}_house")
    return house


@pytest.fixture(scope="module")
def everybody(daphne_house: House) -> Cast:
    """One of each role, in the house on Daphne; what a module does to them, no other sees."""
    return cast.gather(daphne_house)
