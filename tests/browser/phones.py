"""Phones in people's hands: the page in a small window of a real browser, and what one does with it."""

import os
import re
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, WebSocket, expect

from tests.browser.kept import wait_until_typed
from tests.browser.office import SHOTS
from tests.browser.test_pages import RULES
from tests.promises.houses import House

Scheme = Literal["light", "dark"]

PATIENCE = 30_000  # ms; longer than anything takes, also on a machine that does other things as well
SMALL: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1000, "height": 700}}
SECOND_GENERATION = {"offline": False, "latency": 800, "downloadThroughput": 4_375, "uploadThroughput": 4_375}  # 35 kbit/s

# All that this browser keeps where the page's scripts can reach it: databases, caches with their bodies, storage.
KEPT = """async () => {
    const answer = request => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = failed; });
    const said = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, document.title, location.href];
    for (const {name} of await indexedDB.databases()) {
        const database = await answer(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const rows = database.transaction(store).objectStore(store);
            said.push(JSON.stringify([store, await answer(rows.getAllKeys()), await answer(rows.getAll())]));
        }
        database.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) said.push(request.url, await (await cache.match(request)).text());
    }
    return said.join("\\n");
}"""


class Phone:
    """One browser profile; its newest tab is the one in sight."""

    def __init__(
        self, browser: Browser, url: str, *, scheme: Scheme = "light", locale: str = "nl-BE", size: dict[str, Any] = SMALL
    ) -> None:
        self.url = url
        self.context: BrowserContext = browser.new_context(**size, locale=locale, color_scheme=scheme, base_url=url)
        self.context.set_default_timeout(PATIENCE)
        self.context.route(
            re.compile("wikipedia"), lambda route: route.fulfill(body="<title>Wikipedia</title>Wikipedia", content_type="text/html")
        )
        self.context.add_init_script(
            "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective + ' ' + e.blockedURI))"
        )
        self.scheme = scheme
        self.complaints: list[str] = []
        self._sockets: list[tuple[Page, WebSocket]] = []
        self.posted: list[str] = []
        self.page = self.open(None)

    def open(self, path: str | None = "/") -> Page:
        """A tab more."""
        self.page = self.context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self._counts_sockets_of(self.page)
        self.page.on("request", lambda request: self.posted.append(request.url) if request.url.endswith("/lite") else None)
        self.page.on("dialog", lambda dialog: dialog.accept())
        if path:
            self.page.goto(path)
        return self.page

    def _counts_sockets_of(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._sockets.append((page, socket)))

    @property
    def sockets(self) -> int:
        """How many are open, in all tabs."""
        return sum(not page.is_closed() and not socket.is_closed() for page, socket in self._sockets)

    def enrol(self, code: str) -> "Phone":
        """As the camera does it: the address of the QR code, and a tap."""
        self.page.goto(f"/enrol#{code}")
        for patience in (PATIENCE / 3, PATIENCE):  # a tap in the moment in which the page is drawn anew is lost, as on a slow phone
            self.page.locator(".first").tap() if self.is_small else self.page.locator(".first").click()
            with suppress(AssertionError):
                expect(self.page.locator("header").get_by_role("heading")).not_to_have_text("Maatje", timeout=patience)
                break
        expect(self.page.locator("header").get_by_role("heading")).not_to_have_text("Maatje")
        return self

    @property
    def is_small(self) -> bool:
        return bool(self.page.evaluate("matchMedia('(pointer: coarse)').matches"))

    @property
    def box(self) -> Locator:
        return self.page.locator("textarea")

    def talk(self) -> "Phone":
        """Open the only conversation."""
        self.page.locator(".row").first.click()
        expect(self.box).to_be_visible()
        return self

    def types(self, text: str) -> None:
        """Until the phone has kept it."""
        self.box.fill(text)
        wait_until_typed(self.page, text)

    def says(self, text: str) -> Locator:
        self.box.fill(text)
        self.page.locator(".go").click()
        return self.mine(text)

    def mine(self, text: str) -> Locator:
        return self.page.locator("li.mine", has_text=text)

    def heard(self, text: str) -> Locator:
        return self.page.locator("li:not(.mine)", has_text=text)

    def lines(self) -> list[str]:
        return self.page.locator("ol li p").all_inner_texts()

    def goes(self, name: str) -> None:
        """Press a button of the head or the screen by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def signs_out(self) -> None:
        """From the settings, until the page has begun anew."""
        self.page.evaluate("window.isBefore = true")
        self.goes("Meld dit toestel af")
        self.page.wait_for_function("() => !window.isBefore && document.querySelector('h1[tabindex]')")

    def kept(self) -> str:
        return str(self.page.evaluate(KEPT))

    def lends(self, folder: str, *files: Path) -> None:
        """Files of ours, as if the server had them."""
        known = {f"{self.url}{folder}{file.name}": file for file in files}
        self.context.route(f"**{folder}*", lambda route: route.fulfill(path=known[route.request.url], content_type="text/javascript"))

    def instruments(self) -> CDPSession:
        return self.context.new_cdp_session(self.page)

    def is_far_away(self) -> None:
        """On the edge of a 2G cell."""
        session = self.instruments()
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SECOND_GENERATION)

    def is_slow(self) -> None:
        self.instruments().send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def check(self, name: str) -> None:
        """Everybody can use this screen, also with letters twice as large; with MAATJE_SHOTS also a picture."""
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"journey-{name}-{self.scheme}.png")
        found = Axe().run(self.page, options=RULES).response["violations"]
        problems = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
        assert problems == [], (name, problems)
        for size in ("200%", ""):
            self.page.evaluate("size => document.documentElement.style.fontSize = size", size)
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways at {size or '100%'}"

    def put_away(self) -> None:
        self.context.close()


def kill_the_tabs(browser: Browser) -> None:
    """As a phone that runs out of memory does: every process of a page ends at once, and the browser knows it."""
    session = browser.new_browser_cdp_session()

    def running() -> set[int]:
        return {int(process["id"]) for process in session.send("SystemInfo.getProcessInfo")["processInfo"] if process["type"] == "renderer"}

    ended = running()
    for process in ended:
        os.kill(process, signal.SIGKILL)
    while ended & running():
        pass
    session.detach()


class Pair:
    """Fatima and Annemie of one circle, with codes for their phones, and what their conversation holds."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.circle: dict[str, Any] = house.office.ask_now("circle")
        self.fatima, self.annemie = self.circle["people"]
        self.conversation: str = self.circle["conversation"]

    def code(self, whose: dict[str, Any]) -> str:
        return str(self.house.office.ask_now("invite", person=whose["person"]))

    def bodies(self) -> list[str]:
        return [line["body"] for line in self.house.office.ask_now("log", conversation=self.conversation) if line["kind"] == "message"]

    def annemie_says(self, body: str) -> None:
        said = {"draft_id": str(uuid4()), "body": body}
        assert self.house.rest(self.annemie).ask_now("POST", f"conversations/{self.conversation}/entries", said).status == 201

    def annemie_shows(self, data: bytes) -> int:
        """A photo; gives its place in the log."""
        phone, path, media = self.house.rest(self.annemie), f"conversations/{self.conversation}", str(uuid4())
        assert phone.ask_now("PUT", f"{path}/media/{media}", data).status == 201
        said = phone.ask_now("POST", f"{path}/entries", {"draft_id": str(uuid4()), "body": "", "media": media})
        assert said.status == 201
        return int(self.house.office.ask_now("last_seq", conversation=self.conversation))

    def fatima_uses(self, size: int) -> None:
        """So much of her data, on another device of hers: an upload of nothing that is kept."""
        answer = self.house.rest(self.fatima).ask_now("PUT", f"conversations/{self.conversation}/media/{uuid4()}", bytes(size))
        assert answer.status >= 400

    def fatima_wants(self, **settings: Any) -> None:
        assert self.house.rest(self.fatima).ask_now("PATCH", "me", settings).status == 200


def own(house: House) -> str:
    return f"http://localhost:{house.server.port}"
