"""A small organisation begins with nothing but a server, and brings two people together."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.office import PHONE, Office
from tests.promises.rest import Answer, Rest
from tests.services.maatje import ROOT, Maatje

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

ADA, NELE = "een lange zin van Ada", "een lange zin van Nele"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Maatje]:
    running = Maatje(tmp_path / "data", demo=False)
    yield running
    running.stop()


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


def first_password(server: Maatje, name: str) -> str:
    """What the operator reads in the terminal."""
    command = [sys.executable, str(ROOT / "manage.py"), "administrator", name]
    said = subprocess.run(command, env={**os.environ, **server.env}, cwd=ROOT, check=True, capture_output=True, text=True)
    return next(line.strip() for line in said.stdout.splitlines() if line.startswith("  "))


def enrol(server: Maatje, code: str) -> Rest:
    answer = Rest(server.port).ask_now("POST", "enrol", {"code": code, "label": "telefoon", "keep": "token"})
    assert answer.status == 201, answer.body
    return Rest(server.port, answer.body["token"])


def say_yes(phone: Rest) -> None:
    circle = phone.ask_now("GET", "circles").body["circles"][0]
    assert phone.ask_now("POST", f"circles/{circle['id']}/agree").status == 200


def send(phone: Rest, conversation: str, body: str) -> Answer:
    return phone.ask_now("POST", f"conversations/{conversation}/entries", {"draft_id": str(uuid4()), "body": body})


class TestASmallOrganisation:
    def test_begins_from_nothing_and_brings_two_people_together(self, server: Maatje, chromium: Browser) -> None:
        ada = Office(chromium, server.url)
        ada.come_in("ada", first_password(server, "ada"), ADA)
        given = self.set_up(ada)

        nele = Office(chromium, server.url, size=PHONE)
        nele.come_in("nele", given, NELE)
        fatima, annemie = self.propose(nele, server)
        say_yes(fatima)
        nele.page.reload()
        assert "Wacht op het ja van Annemie" in nele.said()
        say_yes(annemie)
        nele.page.reload()
        nele.look("circle-agreed")
        nele.press("Laten kennismaken")

        conversation = fatima.ask_now("GET", "conversations").body["conversations"][0]["id"]
        assert send(fatima, conversation, "Dag Annemie").status == 201
        for step in ("Proefperiode starten", "Actief maken", "Pauzeren"):
            nele.press(step)
        nele.look("circle-paused")
        assert send(annemie, conversation, "Dag Fatima").code == "conversation_paused"
        nele.press("Hervatten")
        assert send(annemie, conversation, "Dag Fatima").status == 201
        nele.fill({"reason": "onveilig"}, "Kring beëindigen")
        nele.look("circle-ended")
        assert send(annemie, conversation, "Nog iets").code == "conversation_closed"

        assert (ada.complaints, nele.complaints) == ([], [])

    def set_up(self, ada: Office) -> str:
        """An organisation with a programme and two coordinators; gives the first password of one."""
        ada.look("start")
        ada.press("Organisatie")
        ada.fill({"name": "Maatjes aan de Leie"}, "Toevoegen")
        ada.look("organisation")
        ada.open("programmes/programme/add/")
        ada.look("new-programme")
        ada.fill({"organisation": "Maatjes", "name": "Buddy's", "working_model": "persoonlijke vriend"}, "Toevoegen")
        for name in ("Bram", "Nele"):
            ada.open("accounts/person/add/")
            ada.look("new-person")
            ada.fill({"name": name, "role": "coördinator", "username": name.lower()}, "Toevoegen")
        ada.look("staff")
        ada.press("Eerste wachtwoord maken")
        ada.look("first-password")
        given = ada.page.locator("main h2").inner_text()
        ada.open("accounts/person/")
        ada.look("people")
        return given

    def propose(self, nele: Office, server: Maatje) -> tuple[Rest, Rest]:
        """A participant and a buddy, asked for a circle; their phones."""
        nele.look("start-of-a-coordinator")
        phones = []
        for name, role in (("Fatima", "deelnemer"), ("Annemie", "buddy")):
            nele.open("accounts/person/add/")
            nele.fill({"name": name, "role": role}, "Toevoegen")
            nele.look("person")
            nele.press("Uitnodiging maken")
            nele.look("invite")
            phones.append(enrol(server, nele.page.locator("main h2").inner_text()))
        nele.press("Terug naar Annemie")
        nele.look("person-with-a-phone")
        nele.open("programmes/circle/add/")
        nele.look("new-circle")
        nele.fill({"kind": "duo"}, "Verder")
        nele.look("new-pair")
        nele.fill({"participant": "Fatima", "buddy": "Annemie", "coordinator": "Nele", "deputy": "Bram"}, "Voorstellen")
        nele.look("circle-proposed")
        assert "Wacht op het ja van Fatima en Annemie" in nele.said()
        return phones[0], phones[1]

    def test_asks_for_the_second_factor_when_somebody_comes_back(self, server: Maatje, chromium: Browser) -> None:
        ada = Office(chromium, server.url)
        ada.come_in("ada", first_password(server, "ada"), ADA)

        ada.page.locator("#logout-form button").click()
        ada.come_back("ada", ADA)

        assert "Zo begin je" in ada.said()
        assert ada.complaints == []
