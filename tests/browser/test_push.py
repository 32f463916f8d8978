"""Notices: what is shown and what is not, when a phone is asked, and that nothing comes for who is gone."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.notices import RingingPhone
from tests.browser.phones import Pair, own
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

TEXT = "Je hebt een bericht."


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House("push", servers=["daphne"], MAATJE_VAPID_SUBJECT="mailto:beheer@example.org")
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def ringing(browser_of_a_stranger: Browser, house: House) -> Iterator[RingingPhone]:
    """Somebody's phone that hears pushes."""
    phone = RingingPhone(browser_of_a_stranger, own(house))
    phone.page.goto("/")
    yield phone.listens()
    phone.put_away()


@pytest.fixture
def phone(ringing: RingingPhone) -> RingingPhone:
    """With nothing on its screen."""
    ringing.swipes_away()
    return ringing


def addresses(house: House, somebody: dict[str, Any]) -> list[dict[str, Any]]:
    answer = house.rest(somebody).ask_now("GET", "notices")
    assert answer.status == 200
    return list(answer.body["addresses"])


def keeps(page: Page, choose: Callable[[], None]) -> None:
    """Choose something, until it is said that the server has it."""
    with page.expect_response("**/api/v1/notices"):
        choose()
    expect(page.get_by_text("Bewaard")).to_be_visible()


class TestPushes:
    def test_show_their_text_and_nothing_else(self, phone: RingingPhone) -> None:
        phone.push({"n": "1", "t": TEXT, "k": "a"})

        assert phone.shows(("a", TEXT)) == [{"title": TEXT, "tag": "a", "body": "", "icon": "/w/icon.png"}]

    def test_of_one_topic_take_each_others_place(self, phone: RingingPhone) -> None:
        tomorrow = "Je hebt morgen een afspraak om 14:00."
        phone.push({"n": "2", "t": TEXT, "k": "b"})
        phone.push({"n": "3", "t": tomorrow, "k": "c"})
        phone.shows(("b", TEXT), ("c", tomorrow))
        phone.push({"n": "4", "t": "Nog een bericht", "k": "b"})
        phone.push({"n": "5", "t": TEXT, "k": "d"})

        phone.shows(("b", "Nog een bericht"), ("c", tomorrow), ("d", TEXT))

    def test_that_come_twice_say_nothing_new(self, phone: RingingPhone) -> None:
        phone.push({"n": "6", "t": TEXT, "k": "e"})
        phone.shows(("e", TEXT))
        phone.swipes_away()

        phone.push({"n": "6", "t": TEXT, "k": "e"})
        phone.push({"n": "7", "t": TEXT, "k": "f"})

        phone.shows(("f", TEXT))

    @pytest.mark.parametrize("said", ["", "not json", "[]", "null", '{"n": 8}', "17"])
    def test_that_nobody_can_read_are_shown_all_the_same(self, phone: RingingPhone, said: str) -> None:
        phone.push(said)

        assert [one["body"] for one in phone.shows(("maatje", TEXT))] == [""]

    def test_lead_to_the_page_that_is_open_or_open_one(self, phone: RingingPhone) -> None:
        phone.push({"n": "9", "t": TEXT, "k": "g"})
        phone.shows(("g", TEXT))
        assert phone.taps_the_notice() == ["focus /"]
        phone.shows()

        phone.push({"n": "10", "t": TEXT, "k": "h"})
        phone.shows(("h", TEXT))
        phone.page.goto("/about")
        assert phone.taps_the_notice() == ["open /"]
        phone.page.goto("/")


class TestAsking:
    def test_waits_until_somebody_wrote_and_was_answered_and_a_no_is_for_good(
        self, browser_of_a_stranger: Browser, house: House, pair: Pair
    ) -> None:
        phone = RingingPhone(browser_of_a_stranger, own(house))
        phone.enrol(pair.code(pair.fatima)).talk()
        offer = phone.page.get_by_text("Wil je een melding")
        pair.annemie_says("Dag!")
        expect(phone.heard("Dag!")).to_be_visible()
        assert offer.count() == 0
        expect(phone.says("Dag Annemie")).to_contain_text("✓")
        assert offer.count() == 0

        pair.annemie_says("Alles goed?")
        expect(offer).to_be_visible()
        phone.check("notices-offer")
        phone.goes("Nee")
        expect(offer).to_have_count(0)
        phone.page.reload()
        expect(phone.box).to_be_visible()
        pair.annemie_says("Hoor ik je nog?")
        expect(phone.heard("Hoor ik je nog?")).to_be_visible()

        assert offer.count() == 0
        assert phone.page.evaluate("asked") == 0
        assert addresses(house, pair.fatima) == []
        phone.put_away()

    def test_a_yes_is_known_to_the_server_and_goes_with_who_signs_out(
        self, browser_of_a_stranger: Browser, house: House, pair: Pair
    ) -> None:
        phone = RingingPhone(browser_of_a_stranger, own(house))
        phone.enrol(pair.code(pair.fatima)).talk()
        expect(phone.says("Dag Annemie")).to_contain_text("✓")
        pair.annemie_says("Alles goed?")
        phone.goes("Ja")
        expect(phone.page.get_by_text("Wil je een melding")).to_have_count(0)
        assert [one["kind"] for one in addresses(house, pair.fatima)] == ["webpush"]

        phone.goes("Terug")
        phone.goes("Instellingen")
        phone.signs_out()

        assert phone.page.evaluate("sessionStorage.subscription") is None
        assert addresses(house, pair.fatima) == []
        assert phone.complaints == []
        phone.put_away()

    def test_a_browser_that_gives_another_subscription_is_known_by_that(
        self, browser_of_a_stranger: Browser, house: House, pair: Pair
    ) -> None:
        phone = RingingPhone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima))
        phone.goes("Instellingen")
        phone.goes("Meldingen")
        phone.goes("Zet aan")
        expect(phone.page.get_by_text("Meldingen staan aan op dit toestel.")).to_be_visible()

        phone.page.evaluate("sessionStorage.subscription = sessionStorage.subscription.replace('send/', 'send/another-')")
        with phone.page.expect_response("**/api/v1/notices/addresses") as answer:
            phone.page.goto("/")

        assert answer.value.status == 201
        assert "another-" in str(answer.value.request.post_data)
        assert len(addresses(house, pair.fatima)) == 1
        phone.put_away()


class TestSettings:
    def test_say_what_a_notice_shows_and_keep_what_somebody_chooses(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        phone = RingingPhone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima))
        page = phone.page
        phone.goes("Instellingen")
        phone.goes("Meldingen")
        expect(page.get_by_text("Nooit wie schrijft of wat.")).to_be_visible()
        phone.check("notices")
        phone.goes("Zet aan")
        expect(page.get_by_text("Meldingen staan aan op dit toestel.")).to_be_visible()
        assert len(addresses(house, pair.fatima)) == 1

        keeps(page, page.get_by_label("Toon waarover het gaat").check)
        keeps(page, page.get_by_label("De dag voor een afspraak").uncheck)
        keeps(page, partial(page.get_by_label("Van", exact=True).fill, "21:30"))
        page.reload()
        expect(page.get_by_label("Toon waarover het gaat")).to_be_checked()
        expect(page.get_by_label("Van", exact=True)).to_have_value("21:30")
        expect(page.get_by_label("De dag voor een afspraak")).not_to_be_checked()
        expect(page.get_by_text("Meldingen staan aan op dit toestel.")).to_be_visible()
        phone.goes("Zet uit")
        expect(page.get_by_text("Meldingen staan uit op dit toestel.")).to_be_visible()

        assert addresses(house, pair.fatima) == []
        assert page.evaluate("refused") == phone.complaints == []
        phone.put_away()

    def test_say_that_the_browser_refuses(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        phone = RingingPhone(browser_of_a_stranger, own(house), says="denied").enrol(pair.code(pair.fatima))
        phone.goes("Instellingen")
        phone.goes("Meldingen")
        phone.goes("Zet aan")

        expect(phone.page.get_by_text("Je browser laat geen meldingen toe.").first).to_be_visible()
        expect(phone.page.get_by_role("button", name="Zet aan")).to_have_count(0)
        assert addresses(house, pair.fatima) == []
        phone.put_away()
