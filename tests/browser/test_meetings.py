"""Meetings on two phones: planned with two taps, answered with one, changed, and reported afterwards; also without a network."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.phones import Pair, Phone, own
from tests.promises.houses import House

pytestmark = [pytest.mark.browser, pytest.mark.delivery]

DAYS_LATER = 9
# A phone whose clock shows that many days later.
_LATER = f"""(() => {{
    const now = Date.now, later = {DAYS_LATER} * 864e5, There = Date;
    window.Date = class extends There {{
        constructor(...given) {{ given.length ? super(...given) : super(now() + later); }}
        static now() {{ return now() + later; }}
    }};
}})()"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House("meetings", servers=["daphne", "daphne"], clocks=(0, 24 * DAYS_LATER))
    yield house
    house.close()
    shutil.rmtree(house.folder, ignore_errors=True)


def card(phone: Phone) -> Locator:
    """The newest meeting in sight."""
    return phone.page.locator(".card").last


def plans(phone: Phone) -> None:
    """Open what can be planned."""
    phone.goes("Meer")
    phone.goes("Afspraak")
    expect(phone.page.get_by_role("heading", name="Of kies zelf")).to_be_visible()


def opens_more(phone: Phone) -> None:
    card(phone).locator("summary", has_text="Meer").click()


def events(house: House, somebody: dict[str, Any], conversation: str) -> list[dict[str, Any]]:
    answer = house.rest(somebody).ask_now("GET", f"conversations/{conversation}/entries?after=0")
    assert answer.status == 200
    return [entry["meeting"] for entry in answer.body["entries"] if entry["kind"] == "meeting"]


def soon() -> str:
    """Two days from now, at noon in Brussels."""
    return f"{datetime.now(ZoneInfo('Europe/Brussels')) + timedelta(days=2):%Y-%m-%d}T12:00"


class TestAWeeklyCoffee:
    def test_takes_two_taps_and_one_yes(self, fatima: Phone, annemie: Phone, house: House, pair: Pair) -> None:
        plans(fatima)
        fatima.check("plan")
        fatima.page.get_by_role("button", name="woensdag").first.click()

        expect(card(fatima)).to_contain_text("jij: voorstel")
        expect(card(annemie)).to_contain_text(re.compile("Fatima.*: voorstel"))
        expect(card(annemie)).to_contain_text("elke woensdag, 14:00 tot 15:00")
        annemie.check("meeting-proposed")
        card(annemie).get_by_role("button", name="Ja", exact=True).click()
        for phone in (fatima, annemie):
            expect(card(phone)).to_contain_text("Afgesproken")
            expect(card(phone)).to_contain_text("Volgende keer")
        fatima.check("meeting-agreed")
        plans(fatima)
        expect(fatima.page.get_by_role("button", name="elke woensdag")).to_have_count(0)
        fatima.page.locator("summary", has_text="Afgesproken (1)").click()
        expect(fatima.page.locator(".card")).to_contain_text("elke woensdag")
        fatima.check("planned")
        fatima.goes("Terug")
        assert [(one["act"], one["state"], one.get("repeat")) for one in events(house, pair.fatima, pair.conversation)] == [
            ("propose", "proposed", "FREQ=WEEKLY"), ("accept", "agreed", "FREQ=WEEKLY"),
        ]  # fmt: skip

        card(fatima).get_by_role("button", name="Deze keer niet").click()
        expect(card(annemie)).to_contain_text("Gaat niet door")
        expect(card(fatima).get_by_role("button", name="Ja", exact=True)).to_be_visible()
        opens_more(annemie)
        with annemie.page.expect_download() as download:
            card(annemie).get_by_role("link", name="Zet in agenda").click()
        assert "BEGIN:VEVENT" in Path(download.value.path()).read_text()
        annemie.goes("Stop deze reeks")
        for phone in (fatima, annemie):
            expect(card(phone)).to_contain_text("Gaat niet door")
            expect(card(phone).get_by_role("button")).to_have_count(0)
            expect(phone.page.locator(".card")).to_have_count(1)
        assert fatima.complaints == annemie.complaints == []
        assert fatima.page.evaluate("refused") == annemie.page.evaluate("refused") == []


class TestOtherTimes:
    def test_are_countered_chosen_and_moved(self, fatima: Phone, annemie: Phone, house: House, pair: Pair) -> None:
        plans(fatima)
        page = fatima.page
        page.get_by_label("Waar?").fill("Bibliotheek Permeke")
        page.get_by_role("button", name="papieren").click()
        fatima.goes("Nog een moment voorstellen")
        fatima.goes("Stel voor")
        expect(card(annemie)).to_contain_text("papieren")
        expect(card(annemie).get_by_role("button", name="Ja:")).to_have_count(2)

        card(annemie).get_by_role("button", name="Ander moment").click()
        annemie.page.get_by_label("Uur", exact=True).fill("09:30")
        annemie.page.get_by_label("Hoelang?").select_option("90")
        annemie.goes("Vraag het")
        expect(card(fatima)).to_contain_text("09:30 tot 11:00")
        card(fatima).get_by_role("button", name="Ja", exact=True).click()
        expect(card(annemie)).to_contain_text("Afgesproken")
        opens_more(annemie)
        annemie.goes("Verplaats")
        annemie.page.get_by_label("Uur", exact=True).fill("16:00")
        annemie.goes("Vraag het")

        expect(card(fatima)).to_contain_text("16:00 tot 17:30")
        expect(card(fatima)).to_contain_text("Bibliotheek Permeke")
        card(fatima).get_by_role("button", name="Nee", exact=True).click()
        expect(card(annemie)).to_contain_text("Het lukt niet op dit moment")
        assert [one["act"] for one in events(house, pair.fatima, pair.conversation)] == ["propose", "counter", "accept", "move", "decline"]

    def test_in_the_past_are_refused_before_they_are_sent(self, fatima: Phone) -> None:
        plans(fatima)
        fatima.page.get_by_label("Datum").fill("2020-01-01")
        fatima.goes("Stel voor")

        expect(fatima.page.get_by_role("alert")).to_have_text("Dit moment is al voorbij.")
        fatima.page.get_by_label("Datum").fill("")
        fatima.goes("Stel voor")
        expect(fatima.page.get_by_role("alert")).to_have_text("Kies een datum en een uur.")
        expect(fatima.page.get_by_label("Datum")).to_be_focused()


def last_sunday(month: int) -> date:
    """The next one on which the clocks of Europe change in that month."""
    today = datetime.now(ZoneInfo("Europe/Brussels")).date()
    ends = [date(year, month, 31) for year in (today.year, today.year + 1)]
    return next(day for day in (end - timedelta(days=(end.weekday() + 1) % 7) for end in ends) if day > today)


class TestTheNightsWhenClocksChange:
    def test_skip_an_hour_or_have_it_twice_and_then_the_person_says_which(self, fatima: Phone, house: House, pair: Pair) -> None:
        page = fatima.page
        plans(fatima)
        page.get_by_label("Datum").fill(last_sunday(3).isoformat())
        page.get_by_label("Uur", exact=True).fill("02:30")
        expect(page.get_by_text("Dit uur bestaat die nacht niet")).to_be_visible()
        fatima.goes("Stel voor")
        expect(fatima.mine("Dit uur bestaat die nacht niet")).to_contain_text("Niet verzonden")
        expect(page.get_by_role("button", name="Opnieuw")).to_have_count(0)
        fatima.goes("Gooi weg")

        plans(fatima)
        page.get_by_label("Datum").fill(last_sunday(10).isoformat())
        page.get_by_label("Uur", exact=True).fill("02:30")
        fatima.goes("Stel voor")
        expect(fatima.mine("Welke bedoel je?")).to_be_visible()
        fatima.check("meeting-twice")
        fatima.goes("De tweede keer (wintertijd)")

        expect(card(fatima)).to_contain_text("jij: voorstel")
        ((time,),) = [one["times"] for one in events(house, pair.fatima, pair.conversation)]
        assert (time["start"], time["at"]) == (f"{last_sunday(10)}T02:30", f"{last_sunday(10)}T01:30:00Z")


class TestWithoutANetwork:
    def test_a_yes_waits_and_one_that_came_too_late_says_why(self, fatima: Phone, annemie: Phone, house: House, pair: Pair) -> None:
        plans(annemie)
        annemie.page.get_by_role("button", name="woensdag").nth(1).click()
        expect(card(fatima).get_by_role("button", name="Ja", exact=True)).to_be_visible()
        fatima.context.set_offline(True)
        card(fatima).get_by_role("button", name="Ja", exact=True).click()
        expect(fatima.mine("Afspraak: ja")).to_contain_text("wacht")
        expect(card(fatima).get_by_role("button", name="Ja", exact=True)).to_have_count(0)
        opens_more(annemie)
        annemie.goes("Verplaats")
        annemie.page.get_by_label("Uur", exact=True).fill("17:00")
        annemie.goes("Vraag het")
        expect(card(annemie)).to_contain_text("17:00")

        fatima.context.set_offline(False)

        expect(fatima.mine("Afspraak: ja")).to_contain_text("De afspraak is intussen veranderd.")
        expect(card(fatima)).to_contain_text("17:00")
        fatima.goes("Gooi weg")
        card(fatima).get_by_role("button", name="Ja", exact=True).click()
        expect(card(annemie)).to_contain_text("Afgesproken")
        assert [one["act"] for one in events(house, pair.fatima, pair.conversation)] == ["propose", "move", "accept"]


class TestAfterwards:
    def test_one_tap_says_whether_it_took_place(self, browser_of_a_stranger: Browser, house: House, pair: Pair) -> None:
        made = house.rest(pair.annemie).ask_now(
            "POST", f"conversations/{pair.conversation}/meetings", {"draft_id": pair.conversation, "times": [{"start": soon()}]}
        )
        assert made.status == 201, made.body
        said = {"draft_id": pair.circle["people"][0]["person"], "version": 1}
        assert house.rest(pair.fatima).ask_now("POST", f"conversations/{pair.conversation}/meetings/1/accept", said).status == 201
        later = Phone(browser_of_a_stranger, own(house)).enrol(pair.code(pair.fatima))
        later.context.add_init_script(_LATER)
        later.page.goto(f"http://localhost:{house.servers[1].port}")
        later.page.get_by_role("button", name="Ga verder").click()
        later.talk()

        expect(card(later)).to_contain_text("Ging het door?")
        later.page.locator("summary", has_text="Iets zeggen tegen je coördinator").click()
        expect(later.page.get_by_text("Alleen je coördinator ziet dit.")).to_be_visible()
        later.check("meeting-over")
        later.page.get_by_label("Iets zeggen tegen je coördinator").fill("Het was fijn.")
        card(later).get_by_role("button", name="Het ging door").click()

        expect(card(later)).not_to_contain_text("Ging het door?")
        expect(later.mine("Het ging door")).to_have_count(0)
        later.page.reload()
        expect(card(later)).to_contain_text("Voorbij")
        assert later.page.get_by_text("Ging het door?").count() == 0
        assert later.complaints == []
        later.put_away()
