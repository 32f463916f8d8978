"""The pages that need no sign-in, on a small phone, by day and by night."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

CODE = "ABCDE-FGHJK"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
SHOTS = os.environ.get("MAATJE_SHOTS", "")  # a folder for pictures of every page that is looked at
OURS = ["/", f"/enrol#{CODE}", "/about", "/accounts/login/"]
NOBODY_YET = (
    "the server responded with a status of 401 (Unauthorized)"  # the page asks who this is: scripts' storage may be gone, the cookie there
)
THEIRS = "/api/v1/docs"  # Swagger's page: ours is where it may reach
Scheme = Literal["light", "dark"]


@dataclass
class Visit:
    """A page that was opened, and all that the browser did for it."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House("pages", servers=["daphne"], MAATJE_LOG_LEVEL="DEBUG")
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


def visit(browser: Browser, house: House, path: str, scheme: Scheme = "light") -> Visit:
    page = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme, locale="nl-BE").new_page()
    seen = Visit(page)
    page.on("request", lambda request: seen.requests.append(request))  # noqa: PLW0108  # playwright looks into it
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda problem: seen.complaints.append(str(problem)))
    page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective + ' ' + e.blockedURI))"
    )
    page.goto(f"http://localhost:{house.server.port}{path}", wait_until="networkidle")
    if SHOTS:
        name = re.sub(r"\W+", "-", path).strip("-")[:40] or "home"
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}.png", full_page=True)
    return seen


@pytest.fixture(scope="module", params=[(path, scheme) for path in OURS for scheme in ("light", "dark")], ids="-".join)
def seen(request: pytest.FixtureRequest, browser_of_a_stranger: Browser, house: House) -> Iterator[Visit]:
    """One of our pages, by day or by night; looked at by several tests."""
    visited = visit(browser_of_a_stranger, house, *request.param)
    yield visited
    visited.page.context.close()


class TestEveryPage:
    def test_reaches_nobody_else_and_breaks_no_rule_of_its_own(self, seen: Visit, house: House) -> None:
        ensure_at_home(seen, house)

    def test_can_be_used_by_everybody(self, seen: Visit) -> None:
        found = Axe().run(seen.page, options=RULES).response["violations"]

        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"

    def test_stands_still_at_twice_the_size(self, seen: Visit) -> None:
        """WCAG 1.4.4: letters twice as large, on a narrow phone, without scrolling sideways."""
        seen.page.evaluate("document.documentElement.style.fontSize = '200%'")

        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_of_somebody_else_stays_inside_too(self, browser_of_a_stranger: Browser, house: House) -> None:
        theirs = visit(browser_of_a_stranger, house, THEIRS)

        ensure_at_home(theirs, house)
        theirs.page.context.close()


def ensure_at_home(seen: Visit, house: House) -> None:
    hosts = {urlsplit(request.url).netloc for request in seen.requests if not request.url.startswith("data:")}
    assert hosts == {f"localhost:{house.server.port}"}
    assert seen.page.evaluate("refused") == []
    assert [said for said in seen.complaints if not said.endswith(NOBODY_YET)] == []


class TestAnInvite:
    def test_shows_the_code_sends_it_nowhere_and_leaves_it_in_no_address(self, browser_of_a_stranger: Browser, house: House) -> None:
        seen = visit(browser_of_a_stranger, house, f"/enrol#{CODE}")

        assert seen.page.locator("#code").input_value() == "ABCDE FGHJK"
        assert seen.page.evaluate("location.pathname + location.hash") == "/"
        bare = CODE.replace("-", "")
        for request in seen.requests:
            said = f"{urlsplit(request.url)._replace(fragment='').geturl()} {request.all_headers()} {request.post_data}".upper()
            assert CODE not in said
            assert bare not in said
        assert CODE not in house.logs().upper()
        assert bare not in house.logs().upper()
        seen.page.context.close()

    @pytest.mark.parametrize("fragment", ["#<b>x</b>", "#javascript:alert(1)", "#" + "A" * 5_000])
    def test_shows_nothing_that_is_no_code(self, browser_of_a_stranger: Browser, house: House, fragment: str) -> None:
        seen = visit(browser_of_a_stranger, house, f"/enrol{fragment}")

        assert seen.page.locator("#code").input_value() == ""
        assert seen.page.locator("main b").count() == 0
        seen.page.context.close()

    def test_says_so_when_the_code_works_no_more(self, browser_of_a_stranger: Browser, house: House) -> None:
        seen = visit(browser_of_a_stranger, house, f"/enrol#{CODE}")

        seen.page.get_by_role("button", name="Begin").click()

        seen.page.get_by_role("alert").get_by_text("Deze code werkt niet. Kijk nog eens goed.").wait_for()
        seen.page.context.close()


class TestLanguages:
    def test_are_chosen_before_signing_in_and_arabic_is_read_from_the_right(self, browser_of_a_stranger: Browser, house: House) -> None:
        page = visit(browser_of_a_stranger, house, "/").page

        page.get_by_role("button", name="العربية").click()
        page.get_by_role("heading", name="تحدّث مع رفيقك").wait_for()

        gaps = page.get_by_role("heading", name="تحدّث مع رفيقك").evaluate(
            """heading => {
                const range = document.createRange(); range.selectNodeContents(heading);
                const words = range.getBoundingClientRect(), box = heading.getBoundingClientRect();
                return {right: box.right - words.right, left: words.left - box.left};
            }"""
        )
        assert (page.locator("html").get_attribute("dir"), page.locator("html").get_attribute("lang")) == ("rtl", "ar")
        assert gaps["right"] < 1 < gaps["left"]
        page.reload()
        page.get_by_role("heading", name="تحدّث مع رفيقك").wait_for()
        page.context.close()


class TestWithoutScripts:
    def test_leads_to_the_plain_page(self, browser_of_a_stranger: Browser, house: House) -> None:
        context = browser_of_a_stranger.new_context(java_script_enabled=False)
        page = context.new_page()

        page.goto(f"http://localhost:{house.server.port}/")
        page.wait_for_url("**/t**")

        context.close()
