"""The back office as its staff use it: real pages in a real browser."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.authenticator import Authenticator

SHOTS = os.environ.get("MAATJE_SHOTS", "")  # a folder for pictures of every page that is looked at
DESK, PHONE = (1280, 800), (360, 640)


class Office:
    """One member of staff with a browser of their own, from the sign-in to every button."""

    def __init__(self, browser: Browser, url: str, *, size: tuple[int, int] = DESK) -> None:
        self.size = size
        self.page: Page = browser.new_context(viewport=_viewport(size), base_url=url, locale="nl-BE").new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))

    def come_in(self, name: str, first_password: str, password: str) -> None:
        """With a first password: to a password of one's own, a second factor, and in."""
        self.page.goto("/admin/")
        self.look("sign-in")
        self._sign_in(name, first_password)
        self.look("password")
        self.fill({"password1": password, "password2": password}, "Bewaren")
        self._set_up_a_second_factor()
        self.press("Ik heb ze bewaard: naar het kantoor")

    def come_back(self, name: str, password: str) -> None:
        self.page.goto("/admin/")
        self._sign_in(name, password)
        self.look("second-factor")
        self.fill({"code": self.app.code()}, "Aanmelden")

    def _sign_in(self, name: str, password: str) -> None:
        self.fill({"login": name, "password": password}, "Aanmelden")

    def _set_up_a_second_factor(self) -> None:
        self.look("second-factor-set-up")
        self.app = Authenticator(self.page.locator("#authenticator_secret").text_content() or "")
        self.fill({"code": self.app.code()}, "Klaar")
        self.look("recovery-codes")

    def fill(self, fields: dict[str, str], button: str) -> None:
        """Fill in fields by name and press the button of their form."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.evaluate("element => element.tagName") == "SELECT":
                label = next(text for text in field.locator("option").all_text_contents() if text.startswith(value))
                field.select_option(label=label)
            else:
                field.fill(value)
        self.press(button)

    def press(self, name: str) -> None:
        """Press what stands on the page itself, by what it says."""
        button = self.page.locator("main button, main a.button, main a").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))
        with self.page.expect_navigation():
            button.first.click()

    def open(self, path: str) -> None:
        self.page.goto(f"/admin/{path}")

    def said(self) -> str:
        return self.page.locator("main").inner_text()

    def look(self, name: str) -> None:
        """Nothing is wider than the screen, on a desk and on a phone; with MAATJE_SHOTS also a picture of each."""
        for size in (DESK, PHONE):
            self.page.set_viewport_size(_viewport(size))
            spill = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if SHOTS:
                self.page.screenshot(path=Path(SHOTS) / f"{name}-{size[0]}.png", full_page=True)
            assert spill <= 0, f"{name} is {spill} px too wide at {size[0]}"
        self.page.set_viewport_size(_viewport(self.size))


def _viewport(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}
