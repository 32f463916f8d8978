"""The console as its staff use it: real pages in a real browser."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.authenticator import Authenticator
from tests.services.maatje import Maatje

SHOTS = os.environ.get("MAATJE_SHOTS", "")  # a folder for pictures of every page that is looked at
DESK, PHONE = (1280, 800), (360, 640)
_STAFF = re.compile(r"^  (\S+)\s+(\S+)\s+(moderator|lead|reviewer|auditor|coordinator)$", re.MULTILINE)


def url_of(server: Maatje) -> str:
    """By the name of this machine, where browsers make passkeys also without https."""
    return f"http://localhost:{server.port}"


def first_password(server: Maatje, name: str) -> str:
    """What the operator reads in the terminal."""
    found: dict[str, str] = {username: password for password, username, _ in _STAFF.findall(server.process.said())}
    return found[name]


class Desk:
    """One member of staff with a browser of their own."""

    def __init__(self, browser: Browser, url: str, *, scripts: bool = True) -> None:
        self.context = browser.new_context(viewport=_viewport(DESK), base_url=url, locale="nl-BE", java_script_enabled=scripts)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.app: Authenticator | None = None

    def come_in(self, name: str, first: str, password: str) -> None:
        """Two steps after the first password: one's own, and a second factor."""
        self.choose_a_password(name, first, password)
        self.look("set-up-an-app")
        self.app = Authenticator(self.page.locator("#authenticator_secret").text_content() or "")
        self.fill({"code": self.app.code()}, "Klaar")
        self.press("Ik heb ze bewaard: naar het kantoor")

    def choose_a_password(self, name: str, first: str, password: str) -> None:
        self.page.goto("/console/")
        self.fill({"login": name, "password": first}, "Aanmelden")
        self.fill({"password1": password, "password2": password}, "Bewaren")

    def fill(self, fields: dict[str, str], button: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").first.fill(value)
        self.press(button)

    def press(self, name: str) -> None:
        """A button or a link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator("main button, main a").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$")).first.click()

    def said(self) -> str:
        return self.page.locator("main").inner_text()

    def look(self, name: str) -> None:
        """Nothing is wider than the screen, on a desk and on a phone, nor missing for who reads it otherwise."""
        for size in (PHONE, DESK):
            self.page.set_viewport_size(_viewport(size))
            spill = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if SHOTS:
                self.page.screenshot(path=Path(SHOTS) / f"console-{name}-{size[0]}.png", full_page=True)
            assert spill <= 0, f"{name} is {spill} px too wide at {size[0]}"
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert not found.response["violations"], f"{name}\n{found.generate_report()}"


def _viewport(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}
