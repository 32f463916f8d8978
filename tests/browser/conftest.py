"""Debian's chromium, a server for whoever needs nothing special of it, and Fatima and Annemie with their phones.

Chromium is used as far as it is there; where the whole suite must run (CI), its absence is a failure.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.phones import PATIENCE, Pair, Phone, own
from tests.promises.houses import House

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def chromium_is_there(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("browser") is None or CHROMIUM.exists():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")


@pytest.fixture(scope="module")
def browser_of_a_stranger() -> Iterator[Browser]:
    """Not pytest-playwright's own, which would stand in the way of tests that start theirs."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """One for everybody; whoever restarts, changes or listens to it makes another in its place."""
    house = House("pages_of_all", servers=["daphne"])
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture
def pair(house: House) -> Pair:
    return Pair(house)


@pytest.fixture
def fatima(browser_of_a_stranger: Browser, house: House, pair: Pair) -> Iterator[Phone]:
    """In her conversation with Annemie."""
    phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
    yield phone
    phone.put_away()


@pytest.fixture
def annemie(browser_of_a_stranger: Browser, house: House, pair: Pair) -> Iterator[Phone]:
    """In it too, at night."""
    phone = Phone(browser_of_a_stranger, own(house), scheme="dark").enrol(pair.code(pair.annemie)).talk()
    yield phone
    phone.put_away()
