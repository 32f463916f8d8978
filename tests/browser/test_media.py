"""Photos and voice notes on the page: small before they leave, and fetched only by a tap that knows what it costs."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.phones import PATIENCE
from tests.contracts.wire import ask
from tests.media.pictures import exif, opened, photo
from tests.media.sounds import heard, voice
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *MICROPHONE])
        yield browser
        browser.close()


class Pair:
    """Fatima in a browser, and Annemie who is only asked."""

    def __init__(self, house: House, context: BrowserContext, *, low_data: bool) -> None:
        self.port = house.server.port
        circle = house.office.ask_now("circle")
        self.address = f"conversations/{circle['conversation']}"
        self.annemie = {"Authorization": f"Bearer {circle['people'][1]['token']}"}
        ask(self.port, "PATCH", "me", {"low_data": low_data}, {"Authorization": f"Bearer {circle['people'][0]['token']}"})
        code = house.office.ask_now("invite", person=circle["people"][0]["person"])
        self.page = context.new_page()
        self.fetched: list[str] = []
        self.page.on("request", self._note)
        self.page.goto(f"http://localhost:{self.port}/enrol#{code}")
        self.page.locator("form button[class~=first]").click()
        expect(self.page.locator(".row").first).to_be_visible()

    def _note(self, request: Request) -> None:
        if "/media" in request.url and request.method == "GET":
            self.fetched.append(request.url.partition("?")[2])

    def comes_in(self) -> Page:
        self.page.locator(".row").first.click()
        return self.page

    def takes(self, what: str) -> None:
        """Choose what to send; where the choices are folded away, unfold them first."""
        more = self.page.locator("footer form button", has_text="+")
        if more.count():
            more.click()
        self.page.get_by_role("button", name=what).click()

    def shows(self, data: bytes) -> None:
        """Annemie sends something."""
        media = str(uuid4())
        assert ask(self.port, "PUT", f"{self.address}/media/{media}", data, self.annemie).status == 201
        sent = ask(self.port, "POST", f"{self.address}/entries", {"draft_id": str(uuid4()), "body": "", "media": media}, self.annemie)
        assert sent.status == 201

    def received(self) -> tuple[dict[str, Any], bytes]:
        """What Annemie got, with its bytes, once the browser knows that it was sent."""
        expect(self.page.locator("li.mine", has_text="✓")).to_have_count(1)
        entry = ask(self.port, "GET", f"{self.address}/entries", headers=self.annemie).json["entries"][-1]
        answer = ask(self.port, "GET", f"{self.address}/entries/{entry['seq']}/media?side=640", headers=self.annemie)
        return entry["media"], answer.body


@pytest.fixture
def low_data() -> bool:
    return False


@pytest.fixture
def pair(house: House, chromium: Browser, low_data: bool) -> Iterator[Pair]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, permissions=["microphone"], locale="nl-BE")
    context.set_default_timeout(PATIENCE)
    yield Pair(house, context, low_data=low_data)
    context.close()


class TestAPhoto:
    def test_is_made_small_and_upright_before_it_leaves(self, pair: Pair) -> None:
        page = pair.comes_in()
        uploaded: list[int] = []
        page.on("request", lambda request: uploaded.append(len(request.post_data_buffer or b"")) if request.method == "PUT" else None)
        taken = photo(3_000, 2_000, exif=exif(orientation=6), corner="blue")

        pair.takes("Foto")
        page.locator("input[type=file]").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": taken})
        expect(page.locator("footer [role=status]", has_text="kB")).to_be_visible()
        page.locator("footer").get_by_role("button", name="Verstuur").first.click()
        expect(page.locator("li.mine")).to_have_count(1)
        page.wait_for_function("() => !document.querySelector('footer img')")

        media, data = pair.received()
        image = opened(data)
        assert (media["width"], media["height"]) == image.size == (427, 640)
        assert uploaded[0] < 20_000
        red, _, blue = image.getpixel((380, 40))  # type: ignore[misc]  # an RGB image has three
        assert blue > 200 and red < 80  # what was above on the left is now above on the right

    @pytest.mark.parametrize("low_data", [False, True])
    def test_is_fetched_by_a_tap_that_knows_its_size_and_no_sooner(self, pair: Pair) -> None:
        pair.shows(photo(800, 600))
        page = pair.comes_in()

        asks = page.locator("li button", has_text=re.compile(r"\d\skB\S?: tik om te zien"))
        expect(asks).to_be_in_viewport()
        page.wait_for_timeout(300)
        assert pair.fetched == []

        asks.click()
        expect(page.locator("li img")).to_be_visible()
        assert pair.fetched == ["side=320"]

    def test_is_fetched_large_by_a_second_tap_and_never_twice(self, pair: Pair) -> None:
        pair.shows(photo(800, 600))
        page = pair.comes_in()

        page.locator("li button", has_text="tik om te zien").click()
        page.locator("li button", has_text=re.compile(r"\d\skB\S?: tik voor groter")).click()
        page.wait_for_function("() => document.querySelector('li img').src.endsWith('640')")
        page.get_by_role("button", name="Terug").click()
        page.locator(".row").first.click()

        expect(page.locator("li img")).to_be_visible()
        assert pair.fetched == ["side=320", "side=640"]


class TestAVoiceNote:
    def test_is_recorded_heard_and_sent_unless_somebody_changes_their_mind(self, pair: Pair) -> None:
        page = pair.comes_in()
        foot = page.locator("footer")

        pair.takes("Spraakbericht")
        foot.get_by_role("button", name="Toch niet").click()
        pair.takes("Spraakbericht")
        expect(page.get_by_text(re.compile(r"● 1\ss"))).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        expect(foot.locator("audio")).to_be_visible()
        foot.get_by_role("button", name="Verstuur").first.click()

        media, data = pair.received()
        assert media["kind"] == "voice" and 1 <= media["seconds"] <= 3
        assert heard(data)[:2] == ("opus", 1)

    @pytest.mark.parametrize("low_data", [False, True])
    def test_is_fetched_and_played_by_a_tap_that_knows_its_size(self, pair: Pair) -> None:
        pair.shows(voice(seconds=2))
        page = pair.comes_in()

        asks = page.locator("li button", has_text=re.compile(r"▶ 2\ss, \d+\skB\S?: tik om te luisteren"))
        expect(asks).to_be_in_viewport()
        page.wait_for_timeout(300)
        assert pair.fetched == []
        asks.click()

        page.wait_for_function("() => (document.querySelector('li audio') || {}).currentTime > 0.2")
        assert len(pair.fetched) == 1
