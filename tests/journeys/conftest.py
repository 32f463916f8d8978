"""The servers that stories happen on: those of the promises."""

import pytest

from tests.promises import houses
from tests.promises.houses import EITHER, House


@pytest.fixture(params=EITHER, ids="+".join)
def house(request: pytest.FixtureRequest) -> House:
    """One server process, on each server and each database once."""
    return houses.house(*request.param)


def pytest_sessionfinish() -> None:
    houses.close_all()
