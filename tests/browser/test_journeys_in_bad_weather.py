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


@pytest.fixture
def pair(house: House) -> Pair:
    return Pair(house)


@pytest.fixture
def phone(browser_of_a_stranger: Browser, house: House, pair: Pair) -> Iterator[Phone]:
    phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
    yield phone
    phone.put_away()


class TestWithoutANetwork:
    def test_words_wait_and_go_once_and_in_order(self, phone: Phone, pair: Pair) -> None:
        expect(phone.says("Voor de tunnel")).to_contain_text("✓")

        phone.context.set_offline(True)
        for number in range(1, 4):
            expect(phone.says(f"In de tunnel {number}")).to_contain_text("wacht")
        phone.check("waiting")
        pair.annemie_says("Waar ben je?")
        phone.context.set_offline(False)

        expect(phone.heard("Waar ben je?")).to_be_visible()
        for number in range(1, 4):
            expect(phone.mine(f"In de tunnel {number}")).to_contain_text("✓", timeout=20_000)
        assert pair.bodies() == ["Voor de tunnel", "Waar ben je?", "In de tunnel 1", "In de tunnel 2", "In de tunnel 3"] == phone.lines()


class TestOnTheEdgeOfACell:
    def test_a_slow_phone_starts_reads_and_writes(self, phone: Phone, pair: Pair) -> None:
        phone.is_far_away()
        phone.is_slow()

        phone.page.reload()
        pair.annemie_says("Ben je er?")
        expect(phone.heard("Ben je er?")).to_be_visible(timeout=20_000)
        expect(phone.says("Bijna")).to_contain_text("✓", timeout=20_000)

        assert pair.bodies() == ["Ben je er?", "Bijna"]


class TestATabThatIsGone:
    @pytest.mark.parametrize("end", ["closed", "killed"])
    def test_had_sent_once_what_was_sent(self, phone: Phone, pair: Pair, browser_of_a_stranger: Browser, end: str) -> None:
        phone.is_far_away()
        phone.types("Precies één keer")

        phone.page.locator(".go").click()
        expect(phone.mine("Precies één keer")).to_contain_text("wacht")
        if end == "killed":
            with phone.page.expect_event("crash"):
                kill_the_tabs(browser_of_a_stranger)
        else:
            phone.page.close()
        phone.open()

        phone.talk()
        expect(phone.mine("Precies één keer")).to_contain_text("✓")
        expect(phone.box).to_have_value("")
        assert pair.bodies() == ["Precies één keer"] == phone.lines()

    def test_loses_no_word_whenever_it_ends(self, phone: Phone, pair: Pair, browser_of_a_stranger: Browser) -> None:
        """Even when it ends in the very moment of sending: said once, or still in the box."""
        phone.types("Niet kwijt")

        phone.page.locator(".go").click()
        with phone.page.expect_event("crash"):
            kill_the_tabs(browser_of_a_stranger)
        phone.open()
        phone.talk()

        expect(phone.page.locator("footer")).to_be_visible()
        if not phone.box.input_value():
            expect(phone.mine("Niet kwijt")).to_contain_text("✓")
        assert [*pair.bodies(), *filter(None, [phone.box.input_value()])] == ["Niet kwijt"]

    def test_keeps_what_was_only_typed(self, phone: Phone, pair: Pair) -> None:
        phone.types("Nog niet klaar")
        phone.page.close()

        phone.open()
        phone.talk()

        expect(phone.box).to_have_value("Nog niet klaar")
        assert pair.bodies() == []


class TestAServerThatStartsAgain:
    def test_with_a_newer_page_has_everything_once_and_mixes_no_files(self, phone: Phone, pair: Pair, house: House, tmp_path: Path) -> None:
        """Killed, not stopped; and what runs next serves other files."""
        expect(phone.says("Voor de klap")).to_contain_text("✓")
        wait_until_kept(phone.page, "fresh.js", "words/nl.js", "words/nl-more.js")
        files = Path(shutil.copytree(serving.PAGE, tmp_path / "page"))
        for name, old, new in (
            ("words/nl.js", "'Schrijf iets'", "'Schrijf maar'"),
            ("words/nl-more.js", "'Waar je aangemeld bent'", "'Toestellen'"),
        ):
            (files / name).write_text((files / name).read_text().replace(old, new))
        house.server.command[1] = str(Path(__file__).with_name("own_files.py"))
        house.server.env["TESTS_PAGE"] = str(files)

        house.server.kill()
        expect(phone.says("Tijdens de klap")).to_contain_text("wacht")
        house.server.start()
        expect(phone.mine("Tijdens de klap")).to_contain_text("✓", timeout=30_000)
        offer = phone.page.get_by_role("button", name="Er is een nieuwe versie")
        expect(offer).to_be_visible()
        phone.check("offer")
        phone.types("Nog in de doos")
        phone.goes("Terug")
        phone.goes("Instellingen")
        expect(phone.page.get_by_role("heading", level=1)).not_to_have_text("Gesprekken")
        assert phone.page.get_by_text("Toestellen").count() == 0
        phone.goes("Terug")
        offer.click()

        expect(phone.page.get_by_placeholder("Schrijf maar").or_(phone.page.locator(".row")).first).to_be_visible()
        if not phone.box.is_visible():
            phone.talk()
        expect(phone.box).to_have_attribute("placeholder", "Schrijf maar")
        expect(phone.box).to_have_value("Nog in de doos")
        assert pair.bodies() == ["Voor de klap", "Tijdens de klap"] == phone.lines()
        assert phone.page.evaluate("refused") == []


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
