"""Moderators at their desks: from the first sign-in to a case that two of them look at."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, first_password, url_of
from tests.services.maatje import Maatje

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

KARIM, LENA = "een lange zin van de een", "een lange zin van de ander"
LONG = 30_000  # ms; how long it takes is printed, and depends on the machine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maatje]:
    running = Maatje(tmp_path_factory.mktemp("console") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def karim(server: Maatje, browser_of_a_stranger: Browser) -> Desk:
    desk = Desk(browser_of_a_stranger, url_of(server))
    desk.come_in("karim", first_password(server, "karim"), KARIM)
    return desk


@pytest.fixture(scope="module")
def lena(server: Maatje, browser_of_a_stranger: Browser) -> Desk:
    desk = Desk(browser_of_a_stranger, url_of(server))
    desk.come_in("lena", first_password(server, "lena"), LENA)
    return desk


class TestADesk:
    def test_is_reached_in_two_steps_and_shows_what_waits(self, karim: Desk) -> None:
        assert karim.page.url.endswith("/console/")
        assert "Open dossiers" in karim.said()
        karim.look("home")
        assert karim.complaints == []

    def test_is_worked_from_the_keyboard(self, karim: Desk) -> None:
        karim.page.goto("/console/cases/")
        karim.look("queue")
        keyboard = karim.page.keyboard

        keyboard.press("/")
        expect(karim.page.locator("#id_state")).to_be_focused()
        keyboard.press("Tab")
        karim.page.locator("h1").click()
        keyboard.press("j")
        keyboard.press("j")
        keyboard.press("k")
        expect(karim.page.locator("[data-row]").first).to_be_focused()
        keyboard.press("?")
        expect(karim.page.locator("#keys")).to_be_visible()
        karim.look("keys")
        keyboard.press("Escape")
        with karim.page.expect_navigation():
            keyboard.press("Enter")
        karim.look("case-that-nobody-holds")
        assert "nog 30 min" not in karim.said()

    def test_says_less_to_who_switched_its_keys_off(self, karim: Desk) -> None:
        karim.page.goto("/console/cases/")
        karim.page.keyboard.press("?")
        karim.page.get_by_role("button", name="Toetsen uitzetten").click()
        karim.page.keyboard.press("Escape")

        karim.page.keyboard.press("/")

        expect(karim.page.locator("#id_state")).not_to_be_focused()
        karim.page.evaluate("localStorage.clear()")


class TestTwoModerators:
    def test_see_at_once_what_the_other_does(self, karim: Desk, lena: Desk) -> None:
        lena.page.goto("/console/cases/")
        karim.page.goto("/console/cases/")
        with lena.page.expect_websocket(lambda socket: socket.url.startswith("ws://")) as opened:
            lena.page.reload()
        assert "/console/live" in opened.value.url
        row = lena.page.locator("tbody tr").first
        expect(row).to_contain_text("nieuw")

        with karim.page.expect_navigation():
            karim.page.locator("tbody tr").first.locator("[data-key=c]").click()
        began = time.monotonic()
        expect(row).to_contain_text("bij karim", timeout=LONG)
        print(f"seen after {time.monotonic() - began:.2f} s")

        expect(row.locator("[data-key=c]")).to_have_count(0)
        assert "dossiers" in (lena.page.locator("#news").text_content() or "")
        assert lena.complaints == []

    def test_never_hold_one_case(self, karim: Desk, lena: Desk) -> None:
        with lena.page.expect_navigation():
            lena.page.locator("tbody tr").first.locator("[data-row]").click()

        assert "Ligt bij karim" in lena.said()
        assert "50 euro" not in lena.said()


class TestACase:
    def test_shows_what_distresses_only_when_it_is_wanted(self, karim: Desk) -> None:
        page = karim.page
        page.goto("/console/cases/")
        with page.expect_navigation():
            page.locator("tbody tr", has_text="bedreiging of geweld").locator("[data-row]").click()
        page.keyboard.press("c")
        expect(page.locator("#case")).to_contain_text("Ligt bij jou")
        expect(page.locator("h1")).to_be_focused()
        karim.look("case-veiled")
        flagged = page.locator("li.flagged")
        words = flagged.get_by_text("ondankbaar")
        assert flagged.locator(".veiled").evaluate("element => [element.inert, getComputedStyle(element).filter.includes('grayscale')]") == [
            True, True,
        ]  # fmt: skip

        flagged.get_by_role("button", name="Tonen").click()

        expect(words).to_be_visible()
        assert flagged.locator(".veiled").count() == 0
        assert not karim.complaints

    def test_keeps_what_was_typed_when_it_is_refused(self, karim: Desk) -> None:
        page = karim.page
        page.keyboard.press("n")
        expect(page.locator("#note-words")).to_be_focused()
        page.locator("#note-words").fill("Belde met Nele")
        page.locator("form[action$='/note/'] input[name=version]").evaluate("field => { field.value = 1 }")
        page.locator("form[action$='/note/'] button").click()

        expect(page.locator("#case [role=alert]")).to_contain_text("Iemand veranderde dit intussen")
        assert page.locator("#note-words").input_value() == "Belde met Nele"
        karim.complaints.clear()  # browsers write every answer of 409 into their console

    def test_is_decided_and_says_so(self, karim: Desk) -> None:
        page = karim.page
        page.keyboard.press("d")
        expect(page.get_by_label("geen maatregel")).to_be_focused()
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        expect(page.get_by_label("verwittigen")).to_be_checked()
        page.locator("#decide-clause").select_option(index=1)
        expect(page.get_by_role("button", name="Gebruiken")).to_be_hidden()
        page.locator("#template").select_option(label="Even bespreken (Nederlands)")
        assert page.locator("#decide-words").input_value().startswith("Er was een misverstand")
        page.locator("#decide-words").fill("Je schreef dat Nadia ondankbaar is.")
        page.get_by_role("button", name="Beslissen").click()

        expect(page.locator("#case")).to_contain_text("Beslist. Wie het aangaat, krijgt een brief.")
        karim.look("case-decided")
        assert "ondankbaar" not in karim.said()
        assert karim.complaints == []


class TestWithoutScripts:
    @pytest.fixture
    def plain(self, server: Maatje, browser_of_a_stranger: Browser, karim: Desk) -> Desk:
        desk = Desk(browser_of_a_stranger, url_of(server), scripts=False)
        desk.context.add_cookies(karim.context.cookies())  # type: ignore[arg-type]  # what one gives is what the other takes
        return desk

    def test_everything_is_a_form(self, plain: Desk) -> None:
        page = plain.page
        page.goto("/console/cases/")
        page.locator("#id_state").select_option("claimed")
        plain.press("Filteren")
        assert "1 dossier" in plain.said()
        with page.expect_navigation():
            page.locator("[data-row]").click()
        assert "50 euro" in plain.said()

        page.get_by_text("Nota voor collega’s").click()
        page.locator("#note-words").fill("Belde met Nele")
        with page.expect_navigation():
            page.locator("form[action$='/note/'] button").click()
        assert "Je nota staat erbij" in plain.said() and "Belde met Nele" in plain.said()

        page.get_by_label("bespreken").check()
        page.locator("#decide-clause").select_option(index=1)
        with page.expect_navigation():
            page.get_by_role("button", name="Beslissen").click()
        assert "Zeg in een paar woorden" in plain.said()
        page.get_by_label("bespreken").check()
        page.locator("#decide-words").fill("Nele bespreekt dit met je.")
        with page.expect_navigation():
            page.get_by_role("button", name="Beslissen").click()
        assert "Beslist" in plain.said() and "50 euro" not in plain.said()


class TestAPasskey:
    def test_is_a_second_step_on_this_machine(self, server: Maatje, browser_of_a_stranger: Browser) -> None:
        greet = Desk(browser_of_a_stranger, url_of(server))
        devtools = greet.context.new_cdp_session(greet.page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasUserVerification": True,
            "isUserVerified": True,
            "hasResidentKey": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})

        greet.choose_a_password("greet", first_password(server, "greet"), KARIM)
        greet.press("Passkey maken")
        greet.look("make-a-passkey")
        with greet.page.expect_navigation():
            greet.page.locator("#mfa_webauthn_add").click()
        greet.press("Ik heb ze bewaard: naar het kantoor")
        assert greet.page.url.endswith("/console/")

        with greet.page.expect_navigation():
            greet.page.get_by_role("button", name="Afmelden").click()
        greet.page.goto("/console/")
        greet.fill({"login": "greet", "password": KARIM}, "Aanmelden")
        greet.look("second-step-with-a-passkey")
        with greet.page.expect_navigation(url="**/console/"):
            greet.page.locator("#mfa_webauthn_authenticate").click()
        assert "Dag Greet" in greet.said()
        assert greet.complaints == []

    def test_is_not_spoken_of_where_it_cannot_be(self, server: Maatje, browser_of_a_stranger: Browser) -> None:
        roel = Desk(browser_of_a_stranger, server.url)
        roel.choose_a_password("roel", first_password(server, "roel"), LENA)

        assert "passkey" not in roel.said().lower()


class TestOnesSessions:
    def test_are_listed_and_ended_elsewhere(self, server: Maatje, browser_of_a_stranger: Browser, lena: Desk) -> None:
        elsewhere = Desk(browser_of_a_stranger, url_of(server))
        assert lena.app is not None
        elsewhere.page.goto("/console/")
        elsewhere.fill({"login": "lena", "password": LENA}, "Aanmelden")
        elsewhere.fill({"code": lena.app.code()}, "Aanmelden")
        assert "Dag Lena" in elsewhere.said()

        lena.page.goto("/accounts/sessions/")
        lena.look("sessions")
        assert lena.page.locator("main li").count() == 2
        lena.press("Overal elders afmelden")

        elsewhere.page.goto("/console/")
        assert "/accounts/login/" in elsewhere.page.url
        assert lena.page.locator("main li").count() == 1
