"""What is planned over all conversations, days away, and the address of a calendar."""

import re
from uuid import uuid4

import pytest

from accounts.models import Person, Role
from chat.models import Conversation
from meetings.models import Away, CalendarFeed, Report
from tests.conftest import Clock
from tests.factories import make_circle, make_person
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.web.plain.browser import Browser, Sheet
from tests.web.plain.forms import buttons_of, tap

AGENDA, AWAY, CALENDAR = "/t/meetings", "/t/meetings/away", "/t/meetings/calendar"


class TestTheAgenda:
    def test_shows_every_conversation_soonest_first(
        self, hers: Browser, fatima: Person, annemie: Person, asked: Conversation, nele: Person, bram: Person, clock: Clock
    ) -> None:
        dirk = make_person(role=Role.BUDDY, name="Dirk", now=clock())
        other = make_circle(people=[fatima, dirk], coordinator=nele, deputy=bram, now=clock()).conversation
        do(dirk, other, "propose", times=[THURSDAY], place="Bib", now=clock())
        do(fatima, other, "accept", meeting=1, version=1, now=clock())

        page = hers.open(AGENDA)

        said = ["woensdag 4/3, 14:00", "Annemie", "Café De Zwaan", "nog geen twee keer ja, jij: nog geen antwoord"]
        said += ["donderdag 5/3, 10:00", "Dirk", "Bib", "gaat door, jij: ja"]
        places = [page.text.index(word) for word in said]
        assert places == sorted(places)
        assert {"/t/1/meeting/1", "/t/2/meeting/1"} <= set(page.links)

    def test_is_linked_where_there_is_something(self, hers: Browser, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        assert AGENDA not in hers.open("/t").links
        assert "Er staat niets gepland." in hers.open(AGENDA).text
        assert AGENDA in hers.open("/t/settings").links

        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        assert AGENDA in hers.open("/t").links

        do(annemie, conversation, "cancel", meeting=1, version=1, now=clock())
        assert AGENDA not in hers.open("/t").links

    def test_asks_for_what_is_over_whether_it_took_place(self, hers: Browser, series: Conversation, clock: Clock) -> None:
        clock.move(days=4)
        page = hers.open(AGENDA)
        assert page.text.count("Ging het door?") == 1 and page.text.index("Ging het door?") < page.text.index("woensdag 11/3")

        tap(hers, "/t/1/meeting/1", "Het ging door")

        assert Report.objects.get().date == "2026-03-04"
        assert "Ging het door?" not in hers.open(AGENDA).text and "4/3" not in hers.open(AGENDA).text

    def test_shows_nobody_else_s(self, hers: Browser, elsewhere: Conversation, clock: Clock) -> None:
        do(elsewhere.members.earliest("number").person, elsewhere, "propose", times=[WEDNESDAY], place="Geheim", now=clock())

        assert "Geheim" not in hers.open(AGENDA).text


class TestDaysAway:
    def test_are_added_once_and_taken_back(self, hers: Browser, fatima: Person) -> None:
        page = hers.open(AWAY)
        for _ in range(2):
            assert tap(hers, AWAY, "Voeg toe", page=page, first="10/3/2026", last="2026-03-20").to == AWAY
        kept = Away.objects.get()
        assert (kept.person, f"{kept.first_date}", f"{kept.last_date}") == (fatima, "2026-03-10", "2026-03-20")
        listed = hers.open(AWAY)
        assert "dinsdag 10/3 – vrijdag 20/3" in listed.text

        for _ in range(2):
            assert tap(hers, AWAY, "Haal weg", page=listed).to == AWAY

        assert not Away.objects.exists()

    def test_that_cannot_be_come_back(self, hers: Browser) -> None:
        wrong = [
            ("31/02/2026", "1/3/2026"),
            ("", ""),
            ("20/3/2026", "10/3/2026"),
            ("1/1/2026", "2/1/2026"),
            ("1/3/2029", "2/3/2029"),
            ("x" * 4096, "1"),
        ]
        for first, last in wrong:
            refused = tap(hers, AWAY, "Voeg toe", first=first, last=last)

            assert (refused.code, refused.value("first"), refused.value("last")) == ("bad_absence", first, last)
        assert not Away.objects.exists()

    def test_of_somebody_else_stay(self, hers: Browser, annemie: Person, conversation: Conversation) -> None:
        Browser.of(annemie).press(AWAY, first="10/3/2026", last="20/3/2026")

        for name in (str(Away.objects.get().id), str(uuid4()), "x", "9" * 4096):
            hers.press(AWAY, remove=name)

        assert Away.objects.count() == 1
        assert "10/3" not in hers.open(AWAY).text


class TestTheCalendar:
    def test_has_an_address_that_is_shown_once(self, hers: Browser, fatima: Person, series: Conversation) -> None:
        made = tap(hers, CALENDAR, "Maak een adres", details="on")

        address = address_on(made)
        assert made.status == 200 and address.startswith("http://testserver/calendar/")
        assert "Kopieer het nu" in made.text and CalendarFeed.objects.get().details
        fed = Browser().open(address.removeprefix("http://testserver"))
        assert b"RRULE:FREQ=WEEKLY" in fed.response.content
        later = hers.open(CALENDAR)
        assert (
            "/calendar/" not in later.html.replace(CALENDAR, "") and "gemaakt op maandag 2/3, laatst gelezen op maandag 2/3" in later.text
        )

    def test_gets_another_or_none(self, hers: Browser, fatima: Person) -> None:
        first = address_on(tap(hers, CALENDAR, "Maak een adres"))
        assert buttons_of(hers.open(CALENDAR)) == ["Maak een nieuw adres", "Stop het adres"]

        second = address_on(tap(hers, CALENDAR, "Maak een nieuw adres"))
        statuses = [Browser().open(one.removeprefix("http://testserver")).status for one in (first, second)]
        assert (statuses, CalendarFeed.objects.get().details) == ([404, 200], False)

        page = hers.open(CALENDAR)
        assert [tap(hers, CALENDAR, "Stop het adres", page=page).to for _ in range(2)] == [CALENDAR] * 2
        assert not CalendarFeed.objects.exists()
        assert Browser().open(second.removeprefix("http://testserver")).status == 404


@pytest.mark.parametrize("path", [AGENDA, AWAY, CALENDAR, "/t/settings/notices", "/t/1/plan", "/t/1/meeting/1"])
def test_a_stranger_is_shown_the_door(path: str, db: None) -> None:
    assert Browser().open(path).to == "/t"
    assert Browser().press(path, first="10/3", last="10/3", make="").code == "unauthenticated"


def address_on(page: Sheet) -> str:
    """What stands in the field that is only there to be read."""
    found = re.search(r'<input id="a" value="([^"]+)"', page.html)
    assert found
    return found.group(1)
