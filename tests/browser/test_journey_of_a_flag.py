"""One flag, all the way: a participant's phone, a moderator's desk, the other phone, a reviewer's desk, and both phones again.

And a question: to the coordinator, to who stands in for them, and up while nobody answers.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, first_password, url_of
from tests.browser.phones import Phone
from tests.promises.office import Office
from tests.services.maatje import Maatje

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

PASSWORD = "een lange zin voor aan het bureau"
UGLY = "Stomme trut, je verdient geen vrienden"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maatje]:
    running = Maatje(tmp_path_factory.mktemp("journey") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def office(server: Maatje) -> Iterator[Office]:
    opened = Office(server.env, log=server.folder / "office.log")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def nele(server: Maatje, browser_of_a_stranger: Browser) -> Desk:
    return desk_of(server, browser_of_a_stranger, "nele")


@pytest.fixture(scope="module")
def greet(server: Maatje, browser_of_a_stranger: Browser) -> Desk:
    return desk_of(server, browser_of_a_stranger, "greet")


@pytest.fixture(scope="module")
def nadia(server: Maatje, browser_of_a_stranger: Browser) -> Phone:
    return phone_of(server, browser_of_a_stranger, "Nadia")


def phone_of(server: Maatje, browser_of_a_stranger: Browser, name: str) -> Phone:
    return Phone(browser_of_a_stranger, url_of(server)).enrol(server.codes()[name]).talk()


def desk_of(server: Maatje, browser_of_a_stranger: Browser, name: str) -> Desk:
    desk = Desk(browser_of_a_stranger, url_of(server))
    desk.come_in(name, first_password(server, name), PASSWORD)
    return desk


def opens_the_letter(phone: Phone) -> None:
    phone.goes("Er is een brief voor je")
    expect(phone.page.get_by_role("heading", name="Brieven")).to_be_visible()
    phone.page.locator("main .row").first.click()


class TestAFlag:
    def test_goes_from_phone_to_desk_and_back_and_is_overturned(self, server: Maatje, browser_of_a_stranger: Browser) -> None:
        fatima, annemie = phone_of(server, browser_of_a_stranger, "Fatima"), phone_of(server, browser_of_a_stranger, "Annemie")
        expect(annemie.says(UGLY)).to_contain_text("✓")
        fatima.heard(UGLY).locator(".mark").click()
        fatima.goes("Meld dit")
        fatima.goes("Pesten of beledigen")
        expect(fatima.page.locator("section.card", has_text="We hebben je melding")).to_be_visible()

        self._is_hidden_by(desk_of(server, browser_of_a_stranger, "karim"))
        for phone in (fatima, annemie):
            expect(phone.page.locator("li", has_text="Verborgen door de moderatoren")).to_be_visible()
        expect(fatima.says("Dag Annemie")).to_contain_text("✓")  # nobody lost anybody
        expect(annemie.heard("Dag Annemie")).to_be_visible()

        self._is_appealed_by(annemie)
        self._is_overturned_by(desk_of(server, browser_of_a_stranger, "roel"))
        expect(fatima.heard(UGLY)).to_be_visible()
        assert "Fatima" not in annemie.page.locator("main").inner_text()

    def _is_hidden_by(self, karim: Desk) -> None:
        page = karim.page
        page.goto("/console/cases/")
        with page.expect_navigation():
            page.locator("tbody tr", has_text="pesten of beledigen").first.locator("[data-row]").click()
        page.locator("form[action$='/claim/'] button").click()
        expect(page.locator("#case")).to_contain_text("Ligt bij jou")
        page.get_by_label("bericht verbergen").check()
        page.locator("#decide-clause").select_option(index=1)
        page.locator("#decide-words").fill("Je schold iemand uit.")
        page.get_by_role("button", name="Beslissen").click()
        expect(page.locator("#case")).to_contain_text("Beslist")

    def _is_appealed_by(self, annemie: Phone) -> None:
        annemie.goes("Terug")
        opens_the_letter(annemie)
        expect(annemie.page.locator("main")).to_contain_text("Je schold iemand uit.")
        annemie.page.get_by_role("textbox").fill("Dat was een grap onder ons.")
        annemie.goes("Verstuur")
        expect(annemie.page.locator("main")).to_contain_text("Iemand anders kijkt opnieuw")

    def _is_overturned_by(self, roel: Desk) -> None:
        page = roel.page
        page.goto("/console/appeals/")
        roel.look("appeals")
        roel.press("bericht verbergen")
        roel.press("Ik bekijk dit")
        roel.look("appeal")
        assert "Dat was een grap onder ons." in roel.said()
        page.get_by_label("De beslissing wordt herzien").check()
        page.locator("main textarea").fill("Het was een grap, dat zien we nu.")
        with page.expect_response("**/claim/"):
            page.get_by_role("button", name="Meer tijd").click()
        expect(page.locator("form[action$='/answer/'] input[name=version]")).to_have_value("3")
        assert page.get_by_label("De beslissing wordt herzien").is_checked()
        assert page.locator("main textarea").input_value() == "Het was een grap, dat zien we nu."
        roel.press("Beslissen")
        assert "Beslist. Wie in beroep ging, krijgt een brief." in roel.said()


class TestAnEscalation:
    def test_reaches_the_coordinators_desk_and_is_answered(self, nadia: Phone, nele: Desk) -> None:
        asks(nadia, "Kan je mij bellen?")
        expect(nadia.page.locator("section.card")).to_contain_text("Nele\u2069 heeft je vraag en antwoordt vóór")

        nele.page.goto("/console/circles/")
        nele.look("circles")
        nele.press("Nadia")
        nele.look("escalation")
        assert "Kan je mij bellen?" in nele.said()
        nele.press("Ik neem dit op")
        nele.page.locator("textarea[name=note]").fill("Gebeld.")
        nele.page.locator("textarea[name=answer]").fill("We spraken elkaar aan de telefoon.")
        nele.press("Afronden")
        assert "Afgerond op" in nele.said()

        nadia.goes("Terug")
        opens_the_letter(nadia)
        expect(nadia.page.locator("main")).to_contain_text("We spraken elkaar aan de telefoon.")

    def test_goes_to_who_stands_in_and_up_while_nobody_answers(self, nadia: Phone, nele: Desk, greet: Desk, office: Office) -> None:
        nele.page.goto("/console/roster/")
        today = nele.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Europe/Brussels'})")
        nele.page.locator("[name=stand_in]").select_option(label="hilde (leidinggevende)")
        nele.fill({"first": today, "last": today}, "Melden")
        for _ in range(2):  # out of the letter, and out of the letters
            nadia.goes("Terug")
        nadia.talk()

        asks(nadia, "Nog eens")
        expect(nadia.page.locator("section.card")).to_contain_text("Hilde\u2069 heeft je vraag")
        for hours in (100, 200):  # past who stands in, past the deputy
            assert office.ask_now("climb", hours=hours) == 1

        greet.page.goto("/console/circles/")
        expect(greet.page.locator("tr", has_text="Nadia")).to_contain_text(re.compile(r"greet\s+hogerop"))


def asks(phone: Phone, words: str) -> None:
    phone.goes("Meld of vraag hulp")
    phone.goes("Vraag je coördinator")
    phone.page.get_by_role("textbox", name="Meer zeggen").fill(words)
    phone.goes("Vandaag")


class TestALead:
    def test_reads_no_case_of_a_circle_of_their_own(self, greet: Desk, office: Office) -> None:
        greet.page.goto("/console/cases/")
        about_wim = greet.page.locator("tbody tr", has_text="bedreiging of geweld")
        address = about_wim.locator("[data-row]").get_attribute("href") or ""

        office.ask_now("answers_for", coordinator="greet", of="Nadia")

        greet.page.reload()
        expect(about_wim).to_have_count(0)
        greet.page.goto(address)
        assert "Je kent deze kring." in greet.said()


class TestOtherDesks:
    def test_show_what_is_a_leads(self, greet: Desk) -> None:
        greet.complaints.clear()  # browsers write every refusal into their console
        self._look_at(greet, "roster", "workload", "lists", "choices")

    def test_show_what_is_an_auditors(self, server: Maatje, browser_of_a_stranger: Browser) -> None:
        self._look_at(desk_of(server, browser_of_a_stranger, "inge"), "audit", "workload")

    def _look_at(self, desk: Desk, *pages: str) -> None:
        for page in pages:
            desk.page.goto(f"/console/{page}/")
            desk.look(page)
        assert desk.complaints == []
