"""The pages without scripts, in a browser that runs none: small, readable by day and by night, from both sides."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.office import SHOTS
from tests.browser.test_pages import RULES, Scheme
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

WORDS = {
    "nl": {"enter": "Verder", "send": "Stuur", "said": "Dag! Tot donderdag?"},
    "ar": {"enter": "متابعة", "send": "إرسال", "said": "مرحبا! إلى الخميس؟"},
}
PAGES = {"nl": ["/t/settings", "/t/1/people", "", "/t/nowhere"], "ar": ["/t/settings", "/t/1/people/2", "/t/help", "/t/out"]}  # "": a line
from_both_sides = pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("ar", "dark")])


def open_context(
    browser: Browser, house: House, *, language: str = "nl", scheme: Scheme = "light", scripts: bool = False
) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 360, "height": 640},
        color_scheme=scheme,
        locale=language,
        java_script_enabled=scripts,
        base_url=f"http://localhost:{house.server.port}",
    )


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def enter(page: Page, code: str, said: dict[str, str]) -> None:
    page.goto("/t")
    page.fill("#c", code)
    press(page, said["enter"])


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"plain-{name}.png", full_page=True)


def invited(house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """Somebody of a pair with a code, and their buddy with a phone."""
    circle = house.office.ask_now("circle")
    fatima, annemie = circle["people"]
    return {**fatima, "code": house.office.ask_now("invite", person=fatima["person"]), "conversation": circle["conversation"]}, annemie


class TestAVisit:
    def test_goes_from_the_code_to_the_answer_and_out(self, browser_of_a_stranger: Browser, house: House) -> None:
        said, (fatima, annemie) = WORDS["nl"], invited(house)
        context = open_context(browser_of_a_stranger, house)
        page = context.new_page()

        enter(page, fatima["code"], said)
        page.click("main li a")
        page.fill("#b", said["said"])
        press(page, said["send"])
        assert said["said"] in page.inner_text("main")
        page.reload()
        house.rest(annemie).ask_now(
            "POST",
            f"/api/v1/conversations/{fatima['conversation']}/entries",
            {"draft_id": "00000000-0000-7000-8000-000000000001", "body": "Ja, tot dan 😊"},
        )
        page.goto("/t")
        listed = page.inner_text("main")
        look(page, "list")
        page.click("main li a")
        look(page, "talk")

        assert "1 nieuw" in listed
        assert page.locator("main li p", has_text=said["said"]).count() == 1
        assert "Ja, tot dan 😊" in page.inner_text("main")
        page.route("https://**", lambda route: route.fulfill(body="<title>Elsewhere</title>", content_type="text/html"))
        page.get_by_role("link", name="Snel weg").click()
        page.wait_for_url("https://www.wikipedia.org/")
        page.go_back()
        assert "Ja, tot dan" not in page.content()
        page.get_by_role("link", name="Gesprekken").click()
        page.goto("/t/out")
        press(page, "Afmelden")
        assert page.locator("#c").is_visible()
        assert context.cookies() == [] or {cookie["name"] for cookie in context.cookies()} == {"__Host-maatje-kept"}
        context.close()

    def test_is_refused_where_no_cookie_is_kept(self, browser_of_a_stranger: Browser, house: House) -> None:
        fatima, _ = invited(house)
        context = open_context(browser_of_a_stranger, house)
        page = context.new_page()
        page.goto("/t")
        context.clear_cookies()

        page.fill("#c", fatima["code"])
        press(page, "Verder")

        assert "cookies" in page.inner_text("[role=alert]")
        press(page, "Verder")
        assert page.get_by_role("heading", name="Gesprekken").is_visible()
        context.close()


class TestEveryPage:
    @from_both_sides
    def test_can_be_used_by_everybody(self, browser_of_a_stranger: Browser, house: House, language: str, scheme: Scheme) -> None:
        """Here scripts are on: the checker is one. The pages have none."""
        fatima, annemie = invited(house)
        house.rest(fatima).ask_now("PATCH", "/api/v1/me", {"language": language})
        house.rest(annemie).ask_now(
            "POST",
            f"/api/v1/conversations/{fatima['conversation']}/entries",
            {"draft_id": "00000000-0000-7000-8000-000000000002", "body": "lang" * 60},
        )
        context = open_context(browser_of_a_stranger, house, language=language, scheme=scheme, scripts=True)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

        def check(name: str) -> None:
            look(page, f"{name}-{language}-{scheme}")
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(name, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"

        page.goto("/t")
        if language == "nl":
            check("door")
        enter(page, fatima["code"], WORDS[language])
        page.goto("/t/1")
        page.fill("#b", WORDS[language]["said"])
        press(page, WORDS[language]["send"])
        seq = page.locator("main li a").first.get_attribute("href")
        for path in ("/t/1", *PAGES[language]):
            page.goto(path or str(seq))
            check(path.strip("/").replace("/", "-") or "line")
        page.evaluate("document.documentElement.style.fontSize = document.body.style.fontSize = '36px'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "twice the size scrolls sideways"
        assert [said for said in complaints if "404" not in said] == []
        context.close()
