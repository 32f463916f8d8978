"""One phone, two people, one after the other: the second finds nothing of the first."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.kept import wait_until_kept
from tests.browser.phones import Pair, Phone, own
from tests.media.pictures import photo
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

SECRET, HALF = "Mijn zus weet het niet", "Zeg het niet tegen"
SETTLED = "() => location.hostname != 'localhost' || document.body.hidden || document.querySelector('h1[tabindex]')"
PHOTO = """path => fetch(path, {cache: "force-cache"}).then(answer => answer.status)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One that keeps pages whole for the back button, as phones do; tests usually have it switched off."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, ignore_default_args=["--disable-back-forward-cache"])
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser, house: House, pair: Pair) -> Iterator[Phone]:
    """Fatima said something secret on it, and stopped in the middle of a sentence."""
    phone = Phone(chromium, own(house)).enrol(pair.code(pair.fatima)).talk()
    expect(phone.says(SECRET)).to_contain_text("✓")
    phone.types(HALF)
    yield phone
    phone.put_away()


@pytest.fixture
def yusuf(house: House) -> Pair:
    """Somebody else, with a conversation of his own."""
    return Pair(house)


def traces(phone: Phone, pair: Pair) -> list[str]:
    """What is left of Fatima and of whom she talks with: on the screen, and where scripts can look."""
    seen = phone.kept() + phone.page.content()
    words = [SECRET, HALF, pair.conversation, *(who[key] for who in pair.circle["people"] for key in ("person", "device"))]
    return [word for word in words if word in seen]


class TestASharedPhone:
    def test_shows_the_second_person_nothing_of_the_first(self, phone: Phone, pair: Pair, yusuf: Pair, house: House) -> None:
        picture = f"/api/v1/conversations/{pair.conversation}/entries/{pair.annemie_shows(photo(300, 200))}/media?side=320"
        phone.page.locator("li button.name").click()
        expect(phone.page.locator("li img")).to_be_visible(timeout=15_000)
        assert phone.page.evaluate(PHOTO, picture) == 200
        assert len(traces(phone, pair)) > 2

        other_tab = phone.page
        phone.open()
        phone.goes("Instellingen")
        phone.signs_out()
        expect(phone.page.locator("#code")).to_be_visible()
        expect(other_tab.locator("#code")).to_be_visible()
        phone.check("signed-out")
        assert traces(phone, pair) == []
        assert SECRET not in other_tab.content()
        assert phone.context.cookies() == []
        phone.enrol(yusuf.code(yusuf.fatima))
        expect(phone.page.locator(".row")).to_be_visible()

        assert traces(phone, pair) == []
        assert phone.page.evaluate(PHOTO, picture) == 404
        for _ in range(phone.page.evaluate("history.length") - 2):  # all but the empty page of a new tab, and this one
            phone.page.go_back(wait_until="commit")
            expect(phone.page.locator("h1")).to_be_visible()
            assert traces(phone, pair) == []
        other_tab.bring_to_front()
        expect(other_tab.get_by_role("heading", name="Gesprekken")).to_be_visible()
        assert SECRET not in other_tab.content()
        assert all("/api" not in line for line in phone.kept().splitlines() if line.startswith("http"))

    def test_leaves_nothing_behind_when_it_is_signed_out_without_a_network(self, phone: Phone, pair: Pair, house: House) -> None:
        wait_until_kept(phone.page, "words/nl-more.js")
        phone.goes("Terug")
        phone.goes("Instellingen")
        expect(phone.page.get_by_role("heading", name="Instellingen")).to_be_visible()

        phone.page.evaluate("import('/w/door.js')")  # as the page does within half a minute
        phone.context.set_offline(True)
        phone.signs_out()

        assert traces(phone, pair) == []
        phone.context.set_offline(False)
        phone.page.reload()
        expect(phone.page.locator("#code")).to_be_visible()
        assert traces(phone, pair) == []


class TestASessionThatEnded:
    def test_keeps_unsent_words_for_the_same_person(self, phone: Phone, pair: Pair, house: House) -> None:
        self.is_ended_offline(phone, pair, house)

        phone.enrol(pair.code(pair.fatima)).talk()

        expect(phone.mine("Net te laat")).to_contain_text("✓")
        expect(phone.box).to_have_value(HALF)
        assert pair.bodies() == [SECRET, "Net te laat"] == phone.lines()

    def test_shows_them_to_nobody_else(self, phone: Phone, pair: Pair, yusuf: Pair, house: House) -> None:
        self.is_ended_offline(phone, pair, house)
        assert phone.page.get_by_text("Net te laat").count() == phone.page.get_by_text(SECRET).count() == 0
        expect(phone.page.get_by_text("Dit toestel is afgemeld")).to_be_visible()
        phone.check("ended")

        phone.enrol(yusuf.code(yusuf.fatima)).talk()

        expect(phone.says("Dag, ik ben Yusuf")).to_contain_text("✓")
        assert traces(phone, pair) == []
        assert "Net te laat" not in phone.kept()
        assert pair.bodies() == [SECRET]
        assert yusuf.bodies() == ["Dag, ik ben Yusuf"] == phone.lines()

    def is_ended_offline(self, phone: Phone, pair: Pair, house: House) -> None:
        """Fatima says something more where there is no network; meanwhile somebody ends the session of her lost phone."""
        phone.context.set_offline(True)
        expect(phone.says("Net te laat")).to_contain_text("wacht")
        phone.types(HALF)
        device = next(one for one in house.rest(pair.fatima).ask_now("GET", "devices").body["devices"] if one["in_browser"])
        assert house.rest(pair.fatima).ask_now("DELETE", f"devices/{device['id']}").status == 204
        phone.context.set_offline(False)
        expect(phone.page.locator("#code")).to_be_visible(timeout=20_000)


class TestSomebodySuspended:
    def test_is_told_so_and_still_finds_help(self, phone: Phone, pair: Pair, house: House) -> None:
        house.office.ask_now("suspend", person=pair.fatima["person"])

        expect(phone.page.get_by_text("Je toegang is even gestopt")).to_be_visible()
        phone.check("suspended")
        phone.goes("Hulp")
        expect(phone.page.get_by_role("link", name="112")).to_be_visible()
        phone.page.reload()
        expect(phone.page.get_by_text("Je toegang is even gestopt")).to_be_visible()


class TestGoingAwayQuickly:
    def test_leaves_nothing_to_go_back_or_forward_to(self, phone: Phone, pair: Pair) -> None:
        phone.goes("Snel weg")
        phone.page.wait_for_url("**wikipedia**")

        for step in (phone.page.go_forward, phone.page.go_back, phone.page.go_back):
            step(wait_until="commit")
            phone.page.wait_for_function(SETTLED)
            assert not phone.page.get_by_text(SECRET).is_visible()
            assert not phone.page.get_by_text(pair.annemie["name"]).first.is_visible()


class TestAMonthThatIsUsedUp:
    def test_still_carries_text(self, phone: Phone, pair: Pair, house: House) -> None:
        pair.fatima_wants(data_budget=100_000)
        pair.fatima_uses(110_000)

        expect(phone.page.get_by_text("Je data voor deze maand is op")).to_be_visible(timeout=20_000)
        phone.check("used-up")
        with phone.page.expect_request("**/lite"):
            sent = phone.says("Tekst gaat nog")
        expect(sent).to_contain_text("✓")
        assert phone.sockets == 0
        assert pair.bodies() == [SECRET, "Tekst gaat nog"]
