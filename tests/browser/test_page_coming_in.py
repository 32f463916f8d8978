"""The first screen of the page: which language, whose code, and a button for whom this browser knows already."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phones import SMALL, Pair, Phone, own
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

FORGET = "indexedDB.databases().then(all => Promise.all(all.map(({name}) => new Promise(done => { const gone = indexedDB.deleteDatabase(name); gone.onsuccess = gone.onblocked = done; }))))"


@pytest.fixture(scope="module")
def door(browser_of_a_stranger: Browser, house: House) -> Iterator[Page]:
    page = browser_of_a_stranger.new_page(**SMALL, locale="nl-BE")
    page.goto(own(house))
    page.locator("#code").wait_for()
    yield page
    page.close()


class TestTheDoor:
    @pytest.mark.parametrize(
        ("typed", "said"), [("", "Dit zijn er 0"), ("k7m", "Dit zijn er 3"), ("K7M4P 9XQR0", "nooit 0"), ("K7M4P-9XQRI", "nooit I")]
    )
    def test_tells_a_slip_of_the_finger_before_it_costs_a_try(self, door: Page, typed: str, said: str) -> None:
        tries: list[str] = []
        door.on("request", lambda request: tries.append(request.url) if request.method == "POST" else None)
        door.locator("#code").fill(typed)

        door.get_by_role("button", name="Begin").click()

        expect(door.get_by_role("alert")).to_contain_text(said)
        expect(door.locator("#code")).to_be_focused()
        assert tries == []

    def test_names_the_languages_in_their_own_words_and_speaks_the_one_that_is_pressed(self, door: Page) -> None:
        expect(door.get_by_role("button", name="Nederlands")).to_have_attribute("aria-pressed", "true")
        door.locator("#code").fill("K7M4P")

        door.get_by_role("button", name="Français").click()

        expect(door.get_by_role("button", name="Commencer")).to_be_visible()
        expect(door.get_by_role("button", name="Français")).to_have_attribute("aria-pressed", "true")
        expect(door.locator("#code")).to_have_value(re.compile("K7M4P"))


class TestABrowserThatWasUsedBefore:
    def test_opens_for_who_was_here_by_a_press_and_for_a_code_as_ever(self, browser_of_a_stranger: Browser, house: House) -> None:
        pair, other = Pair(house), Pair(house)
        phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima))
        phone.page.goto(f"{own(house)}/t/help")
        phone.page.evaluate(FORGET)
        phone.page.goto("/")

        known = phone.page.get_by_role("button", name=re.compile("Ga verder"))
        expect(known).to_contain_text(pair.fatima["name"])
        phone.check("known")
        assert phone.page.locator(".row").count() == 0
        known.click()
        expect(phone.page.locator(".row")).to_contain_text(pair.annemie["name"])

        phone.page.goto(f"{own(house)}/t/help")
        phone.page.evaluate(FORGET)
        phone.enrol(other.code(other.fatima))
        expect(phone.page.locator(".row")).to_be_visible()
        assert other.conversation in phone.kept()
        assert pair.conversation not in phone.kept()
        phone.put_away()


class TestGoingAwayFast:
    def test_leaves_one_button_for_whoever_comes_back(self, browser_of_a_stranger: Browser, house: House) -> None:
        pair = Pair(house)
        phone = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima)).talk()
        phone.goes("Snel weg")
        phone.page.wait_for_url("**wikipedia**")

        phone.page.go_forward(wait_until="commit")
        expect(phone.page.locator("main button")).to_have_text(["Gesprekken"])
        assert pair.annemie["name"] not in phone.page.content()
        phone.check("left")
        phone.page.reload()
        phone.page.locator("main button").click()

        expect(phone.page.locator(".row")).to_contain_text(pair.annemie["name"])
        phone.put_away()
