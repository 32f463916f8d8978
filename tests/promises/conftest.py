"""Real servers for the promises: each house is built when a test first asks for it, and stands until the run ends."""

import pytest

from tests.promises import houses
from tests.promises.houses import COMBINATIONS, EITHER, House
from tests.promises.idle_watch import IdleWatch


@pytest.fixture(params=COMBINATIONS, ids="+".join)
def house(request: pytest.FixtureRequest) -> House:
    """One server process, on each server and each database."""
    return houses.house(*request.param)


@pytest.fixture(params=EITHER, ids="+".join)
def either_house(request: pytest.FixtureRequest) -> House:
    """One server process, on each server and each database once."""
    return houses.house(*request.param)


@pytest.fixture(params=[pair for pair in COMBINATIONS if pair[1] == "postgres"], ids="+".join)
def house_on_postgres(request: pytest.FixtureRequest) -> House:
    return houses.house(*request.param)


@pytest.fixture
def row() -> House:
    """Four processes, two on each server, on PostgreSQL and a Valkey of their own."""
    return houses.row()


@pytest.fixture
def house_with_wrong_clocks() -> House:
    """Processes whose clocks are a day ahead, a day behind and right."""
    return houses.with_wrong_clocks()


@pytest.fixture
def without_a_layer() -> House:
    """Two processes whose layer was dead from the start."""
    return houses.without_a_layer()


@pytest.fixture(params=[*COMBINATIONS, "row"], ids=lambda which: which if isinstance(which, str) else "+".join(which))
def one_house_or_a_row(request: pytest.FixtureRequest) -> House:
    """One process on each server and database, and four processes together."""
    return houses.row() if request.param == "row" else houses.house(*request.param)


@pytest.fixture(scope="session", autouse=True)
def _phones_on_the_table(request: pytest.FixtureRequest) -> IdleWatch | None:
    """They are put there at once when they will be looked at; on a worker of many only when it is their turn."""
    is_asked = any(item.get_closest_marker("looks_back") and "idle" in item.name + item.nodeid for item in request.session.items)
    return IdleWatch() if is_asked and not hasattr(request.config, "workerinput") else None


@pytest.fixture
def idle_watch(_phones_on_the_table: IdleWatch | None) -> IdleWatch:
    return _phones_on_the_table or IdleWatch()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "busy: keeps the machine busy all the time; the others wait a good deal, and script/test runs the two beside each other"
    )
    config.addinivalue_line("markers", "looks_back: runs last, because it looks at what the whole run left behind")


def pytest_sessionfinish() -> None:
    houses.close_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back on the whole run comes last."""
    items.sort(key=lambda item: item.get_closest_marker("looks_back") is not None)
