"""Words arrive once and in order, whatever becomes of the network, of the tab and of the server."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from chat.lite import dictionaries
from tests.browser.kept import wait_until_kept
from tests.browser.networks import Habit, without_sockets
from tests.browser.phones import Pair, Phone, kill_the_tabs, own
from tests.promises.houses import House
from web import serving

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

VECTORS = Path("tests/vectors")
PATIENCE = 16_000  # of a page whose socket does not open, in ms
CHECKS = """async ([packed, bodies, files]) => {
    const [{pack, unpack}, codec, checks] = await Promise.all(["pack.js", "squeeze.js", "codec_checks.mjs"].map(name => import("/codec/" + name)));
    const bytes = {};
    for (const name in files) bytes[name] = Uint8Array.from(files[name]);
    return checks.checkPacked({pack, unpack}, packed)
        .concat(checks.checkBodies(codec, bodies, bytes))
        .concat(checks.fuzz({unpack, ...codec}, {packed, bodies}, bytes, 1000).wrong);
}"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House("weather", servers=["daphne"])
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


class TestWithoutANetwork:
    def test_words_wait_and_go_once_and_in_order(self, fatima: Phone, pair: Pair) -> None:
        expect(fatima.says("Voor de tunnel")).to_contain_text("✓")

        fatima.context.set_offline(True)
        for number in range(1, 4):
            expect(fatima.says(f"In de tunnel {number}")).to_contain_text("wacht")
        fatima.check("waiting")
        pair.annemie_says("Waar ben je?")
        fatima.context.set_offline(False)

        expect(fatima.heard("Waar ben je?")).to_be_visible()
        for number in range(1, 4):
            expect(fatima.mine(f"In de tunnel {number}")).to_contain_text("✓")
        assert pair.bodies() == ["Voor de tunnel", "Waar ben je?", "In de tunnel 1", "In de tunnel 2", "In de tunnel 3"] == fatima.lines()


class TestOnTheEdgeOfACell:
    def test_a_slow_phone_starts_reads_and_writes(self, fatima: Phone, pair: Pair) -> None:
        fatima.is_far_away()
        fatima.is_slow()

        fatima.page.reload()
        pair.annemie_says("Ben je er?")
        expect(fatima.heard("Ben je er?")).to_be_visible(timeout=20_000)
        expect(fatima.says("Bijna")).to_contain_text("✓")

        assert pair.bodies() == ["Ben je er?", "Bijna"]


class TestATabThatIsGone:
    @pytest.mark.parametrize("end", ["closed", "killed"])
    def test_had_sent_once_what_was_sent(self, fatima: Phone, pair: Pair, browser_of_a_stranger: Browser, end: str) -> None:
        fatima.is_far_away()
        fatima.types("Precies één keer")

        fatima.page.locator(".go").click()
        expect(fatima.mine("Precies één keer")).to_contain_text("wacht")
        if end == "killed":
            with fatima.page.expect_event("crash"):
                kill_the_tabs(browser_of_a_stranger)
        else:
            fatima.page.close()
        fatima.open()

        fatima.talk()
        expect(fatima.mine("Precies één keer")).to_contain_text("✓")
        expect(fatima.box).to_have_value("")
        assert pair.bodies() == ["Precies één keer"] == fatima.lines()

    def test_loses_no_word_whenever_it_ends(self, fatima: Phone, pair: Pair, browser_of_a_stranger: Browser) -> None:
        """Even when it ends in the very moment of sending: said once, or still in the box."""
        fatima.types("Niet kwijt")

        fatima.page.locator(".go").click()
        with fatima.page.expect_event("crash"):
            kill_the_tabs(browser_of_a_stranger)
        fatima.open()
        fatima.talk()

        expect(fatima.page.locator("footer")).to_be_visible()
        if not fatima.box.input_value():
            expect(fatima.mine("Niet kwijt")).to_contain_text("✓")
        assert [*pair.bodies(), *filter(None, [fatima.box.input_value()])] == ["Niet kwijt"]

    def test_keeps_what_was_only_typed(self, fatima: Phone, pair: Pair) -> None:
        fatima.types("Nog niet klaar")
        fatima.page.close()

        fatima.open()
        fatima.talk()

        expect(fatima.box).to_have_value("Nog niet klaar")
        assert pair.bodies() == []


class TestAServerThatStartsAgain:
    def test_with_a_newer_page_has_everything_once_and_mixes_no_files(
        self, fatima: Phone, pair: Pair, house: House, tmp_path: Path
    ) -> None:
        """Killed, not stopped; and what runs next serves other files."""
        expect(fatima.says("Voor de klap")).to_contain_text("✓")
        wait_until_kept(fatima.page, "later.js", "words/nl.js", "words/nl-more.js")
        files = Path(shutil.copytree(serving.PAGE, tmp_path / "page"))
        for name, old, new in (
            ("words/nl.js", "'Schrijf iets'", "'Schrijf maar'"),
            ("words/nl-more.js", "'Waar je aangemeld bent'", "'Toestellen'"),
        ):
            (files / name).write_text((files / name).read_text().replace(old, new))
        house.server.command[1] = str(Path(__file__).with_name("own_files.py"))
        house.server.env["TESTS_PAGE"] = str(files)

        house.server.kill()
        expect(fatima.says("Tijdens de klap")).to_contain_text("wacht")
        house.server.start()
        expect(fatima.mine("Tijdens de klap")).to_contain_text("✓")
        offer = fatima.page.get_by_role("button", name="Er is een nieuwe versie")
        expect(offer).to_be_visible()
        fatima.check("offer")
        fatima.types("Nog in de doos")
        fatima.goes("Terug")
        fatima.goes("Instellingen")
        expect(fatima.page.get_by_role("heading", level=1)).not_to_have_text("Gesprekken")
        assert fatima.page.get_by_text("Toestellen").count() == 0
        fatima.goes("Terug")
        offer.click()

        expect(fatima.page.get_by_placeholder("Schrijf maar").or_(fatima.page.locator(".row")).first).to_be_visible()
        if not fatima.box.is_visible():
            fatima.talk()
        expect(fatima.box).to_have_attribute("placeholder", "Schrijf maar")
        expect(fatima.box).to_have_value("Nog in de doos")
        assert pair.bodies() == ["Voor de klap", "Tijdens de klap"] == fatima.lines()
        assert fatima.page.evaluate("refused") == []


class TestWhereSocketsDoNotLive:
    @pytest.mark.parametrize("habit", ["refuses", "swallows"])
    def test_people_talk_by_posts(self, browser_of_a_stranger: Browser, house: House, pair: Pair, habit: Habit) -> None:
        with without_sockets(house.server.port, habit) as url:
            phone = Phone(browser_of_a_stranger, url)
            phone.page.clock.install()
            with phone.page.expect_websocket():
                phone.enrol(pair.code(pair.fatima))
            if habit == "swallows":
                phone.page.clock.fast_forward(PATIENCE)
            phone.talk()
            assert phone.posted

            expect(phone.says("Via een omweg")).to_contain_text("✓")
            pair.annemie_says("Ook goed")
            expect(phone.heard("Ook goed")).to_be_visible()
            assert pair.bodies() == ["Via een omweg", "Ook goed"]
            phone.put_away()


class TestTheCodecInsideABrowser:
    def test_passes_the_checks_that_node_and_python_pass(self, browser_of_a_stranger: Browser, house: House) -> None:
        phone = Phone(browser_of_a_stranger, own(house))
        phone.lends("/codec/", serving.PAGE / "pack.js", serving.PAGE / "squeeze.js", Path("tests/web/codec_checks.mjs"))
        packed, bodies = (json.loads((VECTORS / f"{name}.json").read_text()) for name in ("packed", "bodies"))
        files: dict[str, Any] = {
            name: list(said["file"].encode() if "file" in said else dictionaries.offered()[name].data)
            for name, said in bodies["dictionaries"].items()
        }
        phone.page.goto("/")

        assert phone.page.evaluate(CHECKS, [packed, bodies, files]) == []
        phone.put_away()
