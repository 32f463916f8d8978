"""The page of participants and buddies: two people, two phones, one conversation."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect

from tests.browser.kept import put_away, wait_until_kept, wait_until_typed
from tests.browser.phones import PATIENCE
from tests.browser.test_pages import RULES
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

SHOTS = os.environ.get("MAATJE_SHOTS", "")  # a folder for pictures of every screen that is looked at

FOR_LATER = ["words/nl.js", "words/nl-more.js", "help/nl.json", "more.css", "later.js", "door.js"]
LANGUAGES = {"ar": "العربية", "fr": "Français"}


class Phone:
    """Somebody's browser, with the page on it."""

    def __init__(self, browser: Browser, house: House, person: str, *, language: str = "nl", **how: Any) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 360, "height": 640}, locale="nl-BE", **how)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.url = f"http://localhost:{house.server.port}"
        self.page.goto(f"{self.url}/enrol#{house.office.ask_now('invite', person=person)}")
        if language != "nl":
            self.page.get_by_role("button", name=LANGUAGES[language]).click()
            self.page.locator(f"html[lang={language}]").wait_for()
        self.page.locator("form button").click()
        self.page.locator(".row").wait_for()

    def open(self) -> None:
        self.page.locator(".row").click()
        self.page.locator("textarea").wait_for()

    def say(self, text: str) -> None:
        self.page.locator("textarea").fill(text)
        self.page.locator(".go").click()

    def bubble(self, text: str) -> Locator:
        return self.page.locator("ol li", has_text=text)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def go(self, name: str) -> None:
        self.button(name).click()

    @contextmanager
    def agrees(self) -> Iterator[None]:
        """To what the page asks meanwhile; it must ask."""
        self.page.once("dialog", lambda dialog: dialog.accept())
        with self.page.expect_event("dialog"):
            yield

    def look(self, name: str) -> None:
        """Everybody can use this screen: axe has nothing to say, and nothing is wider than the phone, at twice the size neither."""
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"page-{name}.png")
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], name
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        small = "[...document.querySelectorAll('button, a.button, input, select, textarea')].map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
        sizes = self.page.evaluate(f"{small}.filter(([, box]) => box.width && (box.height < 24 || box.width < 24)).map(([html]) => html)")
        assert sizes == [], name
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        self.page.evaluate("document.documentElement.style.fontSize = ''")


@pytest.fixture(scope="module")
def circle(house: House) -> dict[str, Any]:
    made: dict[str, Any] = house.office.ask_now("circle")
    return made


@pytest.fixture(scope="module")
def fatima(house: House, browser_of_a_stranger: Browser, circle: dict[str, Any]) -> Iterator[Phone]:
    phone = Phone(browser_of_a_stranger, house, circle["people"][0]["person"])
    phone.look("list")
    phone.open()
    yield phone
    phone.context.close()


@pytest.fixture(scope="module")
def annemie(house: House, browser_of_a_stranger: Browser, circle: dict[str, Any]) -> Iterator[Phone]:
    """At night, and in Arabic."""
    phone = Phone(browser_of_a_stranger, house, circle["people"][1]["person"], language="ar", color_scheme="dark")
    phone.look("list-ar-dark")
    phone.open()
    yield phone
    phone.context.close()


class TestTalking:
    def test_goes_back_and_forth_and_says_how_far_it_got(self, fatima: Phone, annemie: Phone) -> None:
        fatima.say("Dag Annemie\nhoe gaat het?")
        annemie.bubble("hoe gaat het?").wait_for()
        annemie.say("Goed! <b>En jij?</b>")

        expect(fatima.bubble("<b>En jij?</b>")).to_be_visible()
        expect(fatima.page.locator("ol b")).to_have_count(0)
        expect(fatima.bubble("Dag Annemie")).to_contain_text("✓✓")
        fatima.look("talk")
        annemie.look("talk-ar-dark")

    def test_lets_somebody_correct_and_take_back_their_own_words_with_the_keyboard_alone(self, fatima: Phone, annemie: Phone) -> None:
        fatima.say("Tot mrogen")
        annemie.bubble("Tot mrogen").wait_for()

        fatima.bubble("Tot mrogen").locator(".mark").focus()
        fatima.page.keyboard.press("Enter")
        fatima.page.get_by_role("button", name="Wijzig").focus()
        fatima.look("own")
        fatima.page.keyboard.press("Enter")
        expect(fatima.page.locator("textarea")).to_be_focused()
        fatima.page.locator("textarea").fill("Tot morgen")
        fatima.page.keyboard.press("Enter")

        expect(annemie.bubble("Tot morgen")).to_contain_text("معدّلة")
        fatima.bubble("Tot morgen").locator(".mark").click()
        with fatima.agrees():
            fatima.page.get_by_role("button", name="Trek in").click()
        expect(annemie.page.locator("ol")).to_contain_text("رسالة مسحوبة")
        expect(annemie.page.locator("ol")).not_to_contain_text("Tot morgen")

    def test_says_once_that_a_message_is_a_button_and_shows_what_it_does_above_the_box(self, fatima: Phone) -> None:
        fatima.say("Zie je dit?")
        expect(fatima.page.get_by_text("Tik op je bericht")).to_be_visible()

        fatima.bubble("Zie je dit?").locator(".mark").click()
        fatima.page.get_by_role("button", name="Trek in").wait_for()

        expect(fatima.page.locator(".choices")).to_be_in_viewport(ratio=1)
        assert fatima.page.evaluate(
            "(['.choices', 'footer'].map(name => document.querySelector(name).getBoundingClientRect())).reduce((one, box) => one.bottom <= box.top)"
        )
        fatima.look("choices")
        fatima.bubble("Zie je dit?").locator(".mark").click()

    def test_folds_photo_and_voice_behind_one_button(self, fatima: Phone) -> None:
        fatima.go("Meer")
        expect(fatima.button("Foto")).to_be_focused()
        fatima.look("more")

        fatima.go("Meer")

        expect(fatima.button("Foto")).to_have_count(0)

    def test_keeps_the_words_when_they_cannot_be_stored(self, fatima: Phone) -> None:
        fatima.page.evaluate(
            "() => { const kind = IDBObjectStore.prototype; kind.put_ = kind.put; kind.put = () => { throw Error('full'); }; }"
        )
        fatima.say("Past dit nog?")

        expect(fatima.page.locator("textarea")).to_have_value("Past dit nog?")
        expect(fatima.page.locator("footer")).to_contain_text("Dit lukt nu niet")
        fatima.page.evaluate("() => { IDBObjectStore.prototype.put = IDBObjectStore.prototype.put_; }")
        fatima.page.locator("textarea").fill("")

    def test_is_heard_by_who_cannot_see(self, fatima: Phone, annemie: Phone) -> None:
        annemie.say("Hoor je mij?")

        expect(fatima.page.get_by_role("log")).to_contain_text("Hoor je mij?")

    def test_counts_near_the_end_and_sends_no_more_than_fits(self, fatima: Phone) -> None:
        fatima.page.locator("textarea").fill("é" * 2001)
        expect(fatima.page.get_by_text("2001 / 2000")).to_be_visible()
        expect(fatima.page.locator(".go")).to_be_disabled()

        fatima.page.locator("textarea").fill("")
        expect(fatima.page.get_by_text("/ 2000")).to_have_count(0)

    def test_keeps_unsent_words_and_unsent_messages_and_works_without_a_network(self, fatima: Phone, annemie: Phone) -> None:
        wait_until_kept(fatima.page, *FOR_LATER)
        shown = fatima.page.locator("ol li")
        before = shown.count()
        fatima.context.set_offline(True)
        fatima.say("Ik ben even weg")
        expect(shown).to_have_count(before + 1)  # it stands in nobody's place
        fatima.page.locator("textarea").fill("En dan nog")
        wait_until_typed(fatima.page, "En dan nog")

        fatima.page.reload()

        expect(fatima.bubble("Ik ben even weg")).to_contain_text("wacht")
        expect(fatima.page.locator("textarea")).to_have_value("En dan nog")
        expect(fatima.page.get_by_role("status").first).to_contain_text("Geen verbinding")
        fatima.look("offline")
        fatima.go("Hulp")
        expect(fatima.page.get_by_role("link", name="Bel 1813 Zelfmoordlijn")).to_have_attribute("href", "tel:1813")
        fatima.look("help")
        fatima.go("Terug")
        fatima.context.set_offline(False)
        annemie.bubble("Ik ben even weg").wait_for()
        fatima.page.locator("textarea").fill("")


class TestTheOtherScreens:
    def test_show_who_is_there_and_let_somebody_be_blocked_and_heard_again(self, fatima: Phone) -> None:
        fatima.page.locator("h1 button").click()
        expect(fatima.page.locator("main li").first).to_contain_text("Nele")
        expect(fatima.page.get_by_text("Neemt niemand op?")).to_be_visible()
        fatima.look("people")

        with fatima.agrees():
            fatima.page.get_by_role("button", name=re.compile("Blokkeer")).click()
        fatima.button("Niet meer blokkeren").click()

        expect(fatima.page.get_by_role("button", name=re.compile("Blokkeer"))).to_be_visible()
        with fatima.agrees():
            fatima.go("Neem even pauze")
        expect(fatima.button("Begin weer")).to_be_visible()
        fatima.go("Terug")
        expect(fatima.page.locator("footer")).to_contain_text("Dit gesprek staat op pauze")
        fatima.look("paused")
        fatima.page.locator("h1 button").click()
        fatima.go("Begin weer")
        expect(fatima.button("Neem even pauze")).to_be_visible()
        fatima.go("Terug")
        fatima.go("Terug")

    def test_keep_what_somebody_chooses(self, fatima: Phone) -> None:
        fatima.go("Instellingen")
        fatima.page.get_by_role("heading", name="Instellingen").wait_for()
        fatima.look("settings")

        fatima.page.get_by_label("Weinig data gebruiken").check()
        expect(fatima.page.get_by_text("Bewaard")).to_be_visible()
        fatima.go("Dataverbruik")
        fatima.page.locator("#budget").fill("-1")
        fatima.go("Bewaar")
        expect(fatima.page.get_by_text("Kies een getal")).to_be_visible()
        fatima.page.locator("#budget").fill("20")
        fatima.go("Bewaar")

        expect(fatima.page.locator("main")).to_contain_text(re.compile(r"van \S?20\sMB"))
        fatima.look("meter")
        fatima.go("Terug")
        expect(fatima.page.get_by_label("Weinig data gebruiken")).to_be_checked()
        fatima.page.get_by_label("Taal").select_option("en")
        expect(fatima.page.get_by_role("heading", name="Settings")).to_be_visible()
        fatima.page.get_by_label("Language").select_option("nl")
        fatima.go("Terug")

    def test_never_say_in_an_address_or_a_title_where_somebody_is(self, fatima: Phone) -> None:
        fatima.page.locator(".row").click()
        fatima.page.locator("textarea").wait_for()

        assert fatima.page.url == f"{fatima.url}/"
        assert fatima.page.title() == "Maatje"
        assert [said for said in fatima.complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []


class TestLeaving:
    def test_takes_one_tap_or_escape_twice_and_leaves_nothing_to_come_back_to(self, annemie: Phone) -> None:
        for route in ("tap", "keys"):
            page = annemie.context.new_page()
            page.route("https://**", lambda route: route.fulfill(body="<title>Elsewhere</title>", content_type="text/html"))
            page.goto(annemie.url)
            page.locator(".row").click()
            page.locator("textarea").wait_for()

            if route == "tap":
                page.get_by_role("button", name="خروج سريع").click()
            else:
                page.keyboard.press("Escape")
                page.keyboard.press("Escape")

            page.wait_for_url("https://ar.wikipedia.org/")
            tab = annemie.context.new_cdp_session(page).send("Page.getNavigationHistory")
            behind = [entry["url"] for entry in tab["entries"][: tab["currentIndex"] + 1]]
            assert behind == ["about:blank", "https://ar.wikipedia.org/"]
            page.close()

    def test_blanks_the_page_where_there_is_no_network(self, annemie: Phone) -> None:
        annemie.context.set_offline(True)
        annemie.page.get_by_role("button", name="خروج سريع").click()

        annemie.page.wait_for_url("about:blank")
        annemie.context.set_offline(False)

    def test_signing_out_wipes_the_phone(self, fatima: Phone) -> None:
        names, said, typed = "Annemie", "Dit is gezegd", "Dit is nog niet gezegd"
        fatima.say(said)
        expect(fatima.bubble(said)).to_contain_text("✓")
        fatima.page.locator("textarea").fill(typed)
        fatima.go("Terug")
        fatima.go("Instellingen")
        fatima.page.get_by_role("heading", name="Waar je aangemeld bent").wait_for()
        before = put_away(fatima.page)
        assert (names in str(before["cards"]), said in str(before["log"]), typed in str(before["kept"])) == (True, True, True)

        with fatima.agrees():
            fatima.go("Meld dit toestel af")
        for _ in range(300):  # told to the server, and begun anew
            if not fatima.context.cookies():
                break
            fatima.page.wait_for_timeout(100)

        after = _put_away_once_it_stands_still(fatima.page)
        assert fatima.context.cookies() == []
        assert after["cards"] == after["log"] == after["drafts"] == []
        assert [trace for trace in (names, said, typed) if trace in f"{after} {fatima.page.content()}"] == []


def _put_away_once_it_stands_still(page: Page) -> dict[str, list[Any]]:
    """The page begins anew after a sign-out, in its own time; whoever looks in that moment looks again."""
    for _ in range(10):
        try:
            page.locator("#code").wait_for()
            return put_away(page)
        except Error:
            page.wait_for_timeout(300)
    raise AssertionError("the page does not come to rest")
