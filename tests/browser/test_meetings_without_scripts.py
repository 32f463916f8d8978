"""Meetings in browsers that run no script: planned with two taps, answered with one, and the same for both."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import RULES, Scheme
from tests.browser.test_without_scripts import WORDS, enter, from_both_sides, invited, look, open_context, press
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

PLAN, YES, WEEKLY = {"nl": "Spreek iets af", "ar": "حدّد موعداً"}, {"nl": "Ja", "ar": "نعم"}, {"nl": "Elke week", "ar": "كل أسبوع"}
PAGES = {
    "nl": ["/t/1", "/t/1/plan", "/t/1/meeting/1", "/t/1/meeting/1/move", "/t/1/meeting/1/cancel"],
    "ar": ["/t/1", "/t/1/meeting/2/counter", "/t/meetings", "/t/meetings/away", "/t/meetings/calendar", "/t/settings/notices"],
}


@pytest.fixture
def pages(browser_of_a_stranger: Browser, house: House) -> Iterator[tuple[Page, Page]]:
    """Fatima's and Annemie's, signed in, without scripts."""
    fatima, annemie = invited(house)
    codes = [fatima["code"], house.office.ask_now("invite", person=annemie["person"])]
    contexts = [open_context(browser_of_a_stranger, house) for _ in codes]
    opened = [context.new_page() for context in contexts]
    for page, code in zip(opened, codes, strict=True):
        enter(page, code, WORDS["nl"])
    yield opened[0], opened[1]
    for context in contexts:
        context.close()


def weekly(page: Page, language: str) -> None:
    """The two taps."""
    page.get_by_role("link", name=PLAN[language]).click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(WEEKLY[language])).first.click()


def ask(page: Page) -> None:
    """Ask for what the form says, also where the page first says that it is unwise: some weeks have holidays."""
    press(page, "Vraag het")
    if page.get_by_role("button", name="Stel het toch voor").count():
        press(page, "Stel het toch voor")


def dates(page: Page) -> list[str]:
    """The dates to come and what becomes of them, as somebody reads them on the page of the meeting."""
    page.goto("/t/1/meeting/1")
    return page.locator("main li > p[id]").all_inner_texts()


class TestAWeeklyCoffee:
    def test_takes_two_taps_and_one_yes_and_each_date_its_own(self, pages: tuple[Page, Page]) -> None:
        fatima, annemie = pages
        annemie.goto("/t/1")
        weekly(annemie, "nl")
        expect(annemie.locator("main li").last).to_contain_text("Voorstel")

        fatima.goto("/t/1")
        expect(fatima.locator("main li").last).to_contain_text("14:00")
        press(fatima, "Ja")
        expect(fatima.locator("main > ul > li").last).to_contain_text("Afgesproken")

        planned = dates(fatima)
        fatima.get_by_role("link", name="Verplaats deze keer").nth(1).click()
        fatima.get_by_label("Uur").first.fill("16:00")
        ask(fatima)
        annemie.goto("/t/1")
        moved = annemie.locator("main li li").filter(has_text="16:00")
        expect(moved).to_contain_text("nog geen twee keer ja")
        with annemie.expect_navigation():
            moved.get_by_role("button", name="Ja").click()
        annemie.goto("/t/1/meeting/1")
        annemie.get_by_role("link", name="Zeg deze keer af").nth(2).click()
        press(annemie, "Zeg deze keer af")

        seen = dates(annemie)
        assert dates(fatima) == seen
        assert "16:00 verplaatst, gaat door" in seen[1]
        assert "14:00 gaat niet door" in seen[2]
        assert [text.split(",")[0] for text in seen] == [text.split(",")[0] for text in planned]
        fatima.goto("/t/meetings")
        look(fatima, "meetings-nl")
        expect(fatima.locator("main li").nth(1)).to_contain_text("16:00")

    def test_is_moved_with_a_day_that_was_typed_and_stopped_after_a_question(self, pages: tuple[Page, Page]) -> None:
        fatima, annemie = pages
        annemie.goto("/t/1")
        weekly(annemie, "nl")
        fatima.goto("/t/1")
        stale = fatima.url
        annemie.get_by_role("link", name="Verplaats alle keren").click()
        annemie.get_by_label("Uur").first.fill("11:30")
        ask(annemie)

        assert fatima.url == stale
        press(fatima, "Ja")
        expect(fatima.get_by_role("alert")).to_contain_text("intussen veranderd")
        expect(fatima.locator("main")).to_contain_text("11:30")
        press(fatima, "Ja")
        fatima.get_by_role("link", name="Stop deze reeks").click()
        look(fatima, "cancel-nl")
        press(fatima, "Stop deze reeks")

        for page in pages:
            page.goto("/t/1")
            expect(page.locator("main > ul > li").last).to_contain_text("Gaat niet door")
            expect(page.locator("main li").get_by_role("button")).to_have_count(0)


class TestEveryPage:
    @from_both_sides
    def test_can_be_used_by_everybody(self, browser_of_a_stranger: Browser, house: House, language: str, scheme: Scheme) -> None:
        """Here scripts are on: the checker is one. The pages have none."""
        fatima, annemie = invited(house)
        house.rest(fatima).ask_now("PATCH", "/api/v1/me", {"language": language})
        context = open_context(browser_of_a_stranger, house, language=language, scheme=scheme, scripts=True)
        page = context.new_page()

        def check(name: str) -> None:
            look(page, f"{name}-{language}-{scheme}")
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(name, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"

        enter(page, fatima["code"], WORDS[language])
        page.goto("/t/1")
        weekly(page, language)
        look(page, f"asked-{language}-{scheme}")
        said = {"draft_id": fatima["conversation"], "version": 1}
        answer = house.rest(annemie).ask_now("POST", f"/api/v1/conversations/{fatima['conversation']}/meetings/1/accept", said)
        assert answer.status == 201, answer.body
        times = [{"start": "2027-03-02T10:00"}, {"start": "2027-03-03T10:00", "minutes": 90}]
        asked = {"draft_id": str(annemie["person"]), "times": times, "place": "Café De Zwaan", "purpose": "leisure"}
        house.rest(annemie).ask_now("POST", f"/api/v1/conversations/{fatima['conversation']}/meetings", asked)
        house.rest(fatima).ask_now("POST", "/api/v1/notices/addresses", {"kind": "email", "value": "somebody@example.org"})
        house.rest(fatima).ask_now("POST", "/api/v1/away", {"first_date": "2027-02-01", "last_date": "2027-02-05"})
        for path in PAGES[language]:
            page.goto(path)
            check(path.strip("/").replace("/", "-"))
        page.goto("/t/1/plan")
        page.locator("#h").fill("23:30")
        with page.expect_navigation():
            page.locator("main form").last.locator("button").click()
        check("warned")
        context.close()
