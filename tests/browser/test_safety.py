"""Safety on a phone: reporting, asking, whom to call, and letters; also without a network, and through the end of the tab."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phones import SECOND_GENERATION, Pair, Phone, kill_the_tabs, own
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]
REPORT = "Meld of vraag hulp"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House("safety", servers=["daphne"])
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture
def pair(house: House) -> Pair:
    return Pair(house)


@pytest.fixture
def fatima(browser_of_a_stranger: Browser, house: House, pair: Pair) -> Iterator[Phone]:
    phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
    yield phone
    assert phone.complaints == []
    phone.put_away()


@pytest.fixture
def annemie(browser_of_a_stranger: Browser, house: House, pair: Pair) -> Iterator[Phone]:
    phone = Phone(browser_of_a_stranger, own(house), scheme="dark").enrol(pair.code(pair.annemie)).talk()
    yield phone
    phone.put_away()


def loses_its_network(phone: Phone) -> None:
    """This tab alone: it takes that with it when it ends."""
    session = phone.instruments()
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**SECOND_GENERATION, "offline": True})


def flags(pair: Pair) -> list[tuple[int | None, int | None, str, str]]:
    found = pair.house.office.ask_now("flags", conversation=pair.conversation)
    return [(one["target"], one["member"], one["reason"], one["words"]) for one in found]


class TestReporting:
    def test_a_message_takes_a_tap_a_reason_and_gives_a_receipt(self, fatima: Phone, pair: Pair) -> None:
        pair.annemie_says("Leen me geld")
        fatima.heard("Leen me geld").locator(".mark").click()
        fatima.goes("Meld dit")
        fatima.check("report")

        fatima.goes("Geld of bedrog")

        receipt = fatima.page.locator("section.card", has_text="We hebben je melding")
        expect(receipt).to_contain_text("Je contact blijft")
        expect(receipt.get_by_role("button", name="Blokkeer of neem pauze")).to_be_visible()
        fatima.check("receipt")
        assert flags(pair) == [(1, None, "money", "")]

        fatima.goes("Gezien")
        expect(receipt).to_have_count(0)
        assert '"kind":"flag"' not in fatima.kept()

    def test_a_person_is_reported_with_words_from_the_head_of_every_conversation(self, fatima: Phone, pair: Pair) -> None:
        fatima.goes(REPORT)
        fatima.page.get_by_role("button", name=re.compile("^Meld .*Annemie")).click()
        fatima.page.get_by_role("textbox", name="Meer zeggen").fill("Het gaat niet goed met haar.")
        fatima.goes("Ik ben bezorgd, of iets anders")

        expect(fatima.page.locator("section.card", has_text="We hebben je melding")).to_be_visible()
        assert flags(pair) == [(None, 2, "worry", "Het gaat niet goed met haar.")]
        assert "Het gaat niet goed" not in fatima.kept()

    def test_waits_for_a_network_and_outlives_the_tab(self, browser_of_a_stranger: Browser, fatima: Phone, pair: Pair) -> None:
        pair.annemie_says("Domme trut")
        expect(fatima.heard("Domme trut")).to_be_visible()
        fatima.heard("Domme trut").locator(".mark").click()
        fatima.goes("Meld dit")

        loses_its_network(fatima)
        fatima.goes("Pesten of beledigen")
        expect(fatima.page.locator("section.card")).to_contain_text("Bewaard. Het gaat weg zodra er internet is.")
        assert flags(pair) == []

        kill_the_tabs(browser_of_a_stranger)
        fatima.complaints.clear()
        fatima.open()
        fatima.talk()

        expect(fatima.page.locator("section.card")).to_contain_text("We hebben je melding")
        assert flags(pair) == [(1, None, "harassment", "")]

    def test_tells_the_other_nothing(self, fatima: Phone, annemie: Phone, pair: Pair) -> None:
        expect(annemie.says("Leen me geld")).to_contain_text("✓")
        before = annemie.page.locator("main").inner_text()

        fatima.heard("Leen me geld").locator(".mark").click()
        fatima.goes("Meld dit")
        fatima.goes("Geld of bedrog")
        expect(fatima.page.locator("section.card", has_text="We hebben je melding")).to_be_visible()

        assert annemie.page.locator("main").inner_text() == before


class TestAsking:
    def test_says_who_has_it_and_until_when(self, fatima: Phone, pair: Pair) -> None:
        fatima.goes(REPORT)
        fatima.goes("Vraag je coördinator")
        fatima.check("ask")
        fatima.page.get_by_role("textbox", name="Meer zeggen").fill("Kan je bellen?")
        fatima.goes("Vandaag")

        expect(fatima.page.locator("section.card")).to_contain_text("heeft je vraag en antwoordt vóór")
        assert pair.house.office.ask_now("escalations", conversation=pair.conversation) == [["today", "Kan je bellen?"]]


class TestWhomToCall:
    def test_is_shown_to_who_wrote_it_and_never_in_the_way(self, fatima: Phone, annemie: Phone, pair: Pair) -> None:
        """Somebody will look; nothing was done to anybody."""
        fatima.says("ik wil dood")

        card = fatima.page.locator("header [role=status]")
        expect(card).to_contain_text("Je bent niet alleen")
        expect(card.locator("a[href='tel:1813']")).to_be_visible()
        fatima.check("need")
        expect(fatima.says("Sorry, het was een zware dag")).to_be_visible()
        expect(annemie.heard("een zware dag")).to_be_visible()
        expect(annemie.page.locator("header [role=status]")).not_to_contain_text("Je bent niet alleen")

        fatima.goes("Gezien")
        expect(card).not_to_contain_text("Je bent niet alleen")
        assert fatima.page.evaluate("localStorage['maatje.need']") is None
        assert pair.house.office.ask_now("gathered", conversation=pair.conversation) == {
            "states": ["new"], "seen": ["crisis"], "decisions": 0,
        }  # fmt: skip


class TestLetters:
    def test_say_why_and_are_appealed_and_what_was_hidden_comes_back(self, fatima: Phone, annemie: Phone, pair: Pair) -> None:
        annemie.says("Domme trut")
        fatima.heard("Domme trut").locator(".mark").click()
        fatima.goes("Meld dit")
        fatima.goes("Pesten of beledigen")
        expect(fatima.page.locator("section.card", has_text="We hebben je melding")).to_be_visible()

        pair.house.office.ask_now("decide", conversation=pair.conversation)
        expect(annemie.page.locator("li", has_text="Verborgen door de moderatoren")).to_be_visible()
        expect(fatima.page.locator("li", has_text="Verborgen door de moderatoren")).to_be_visible()
        assert "Domme trut" not in fatima.kept()

        annemie.goes("Terug")
        annemie.goes("Er is een brief voor je")
        expect(annemie.page.get_by_role("heading", name="Brieven")).to_be_visible()
        annemie.page.locator("main .row").first.click()
        expect(annemie.page.locator("#appeal")).to_be_visible()
        annemie.check("letter")
        assert "Fatima" not in annemie.page.locator("main").inner_text()
        annemie.page.get_by_role("textbox").fill("Zo was het niet.")
        annemie.goes("Verstuur")
        expect(annemie.page.locator("main")).to_contain_text("Iemand anders kijkt opnieuw")

        pair.house.office.ask_now("overturn", conversation=pair.conversation)
        expect(fatima.heard("Domme trut")).to_be_visible()

    def test_tell_who_read_what(self, fatima: Phone, annemie: Phone, pair: Pair) -> None:
        annemie.says("Domme trut")
        fatima.heard("Domme trut").locator(".mark").click()
        fatima.goes("Meld dit")
        fatima.goes("Pesten of beledigen")
        expect(fatima.page.locator("section.card", has_text="We hebben je melding")).to_be_visible()
        pair.house.office.ask_now("decide", conversation=pair.conversation, kind="note")

        annemie.goes("Terug")
        annemie.goes("Instellingen")
        annemie.goes("Brieven")
        annemie.goes("Wie las wat ik schreef")

        expect(annemie.page.locator("main li")).to_contain_text("moderator, berichten: 1")
        annemie.check("readings")
