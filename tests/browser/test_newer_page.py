"""What happens to an open page when the server has newer files: it is told, changes when it likes, and is never half of each."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kept import wait_until_kept
from tests.promises.houses import House
from tests.services.maatje import Maatje
from web import serving

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

VERSION = "document.documentElement.dataset.page"


class OwnFiles(Maatje):
    def start(self) -> None:
        self.command[1] = str(Path(__file__).with_name("own_files.py"))
        super().start()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(serving.PAGE, tmp_path_factory.mktemp("page") / "page"))


@pytest.fixture(scope="module")
def house(files: Path) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.promises.houses.Maatje", OwnFiles)
        house = House("newer_page", servers=["daphne"], MAATJE_DEBUG="true", TESTS_PAGE=str(files))
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def open_page(browser_of_a_stranger: Browser, house: House) -> Iterator[Page]:
    """Of somebody who came in before the server had anything newer."""
    circle: dict[str, Any] = house.office.ask_now("circle")
    page = browser_of_a_stranger.new_context(viewport={"width": 360, "height": 640}, locale="nl-BE").new_page()
    page.goto(f"http://localhost:{house.server.port}/enrol#{house.office.ask_now('invite', person=circle['people'][0]['person'])}")
    page.locator("form button").click()
    page.locator(".row").wait_for()
    wait_until_kept(page, "fresh.js", "words/nl.js", "words/nl-more.js")
    yield page
    page.context.close()


class TestANewerPage:
    def test_lends_no_file_to_an_older_page(self, open_page: Page, files: Path) -> None:
        meter = files / "meter.js"
        meter.write_text(meter.read_text() + "\nexport const newer = true;\n")

        status = open_page.evaluate("fetch('/w/meter.js').then(answer => answer.status, () => 'refused')")

        assert status == "refused"

    def test_is_offered_and_taken_whole_without_losing_a_word_that_was_typed(self, open_page: Page, files: Path) -> None:
        before = open_page.evaluate(VERSION)
        open_page.locator(".row").click()
        open_page.locator("textarea").fill("Nog niet verzonden")
        words = files / "words" / "nl.js"
        words.write_text(words.read_text().replace("'Oudere berichten'", "'Wat eerder was'").replace("'Schrijf iets'", "'Schrijf maar'"))

        open_page.evaluate("import('/w/fresh.js').then(fresh => fresh.fetchNew())")
        offer = open_page.get_by_role("button", name="Er is een nieuwe versie. Tik hier.")
        offer.wait_for()

        assert open_page.evaluate(VERSION) == before
        offer.click()
        open_page.wait_for_function(f"{VERSION} != '{before}'")
        expect(open_page.get_by_placeholder("Schrijf maar")).to_have_value("Nog niet verzonden")
        assert len(open_page.evaluate("caches.keys()")) == 1
