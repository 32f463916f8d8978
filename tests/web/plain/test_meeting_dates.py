"""A series, whose dates each have their own answers, and what is asked when a meeting is over."""

import pytest

from accounts.models import Person
from chat.models import Conversation, Entry
from meetings.models import Report
from tests.conftest import Clock
from tests.meetings.acts import newest
from tests.web.plain.browser import Browser
from tests.web.plain.forms import buttons_of, forms_of, tap

TALK, MEETING = "/t/1", "/t/1/meeting/1"


def entries() -> int:
    return Entry.objects.filter(kind="meeting").count()


class TestASeries:
    def test_says_when_it_comes_and_lets_one_time_go(self, hers: Browser, fatima: Person, series: Conversation) -> None:
        page = hers.open(TALK)
        assert "elke woensdag, 14:00" in page.text and "woensdag 4/3, 14:00 gaat door" in page.text
        assert buttons_of(page) == ["Deze keer niet", "Stuur"]

        tap(hers, TALK, "Deze keer niet")

        assert newest(fatima, series).changes[0].no == [1]
        assert buttons_of(hers.open(TALK)) == ["Ja", "Stuur"], "and may still come"
        tap(hers, TALK, "Ja")
        assert newest(fatima, series).changes[0].yes == [1]

    def test_shows_eight_dates_and_why_one_is_left_out(self, hers: Browser, series: Conversation, clock: Clock) -> None:
        clock.move(days=30)

        page = hers.open(MEETING)

        assert page.html.count('<p id="d') == 8
        assert "woensdag 8/4, 14:00 gaat door" in page.text
        hers.press("/t/meetings/away", first="8/4", last="8/4")
        assert "woensdag 8/4, 14:00 iemand is dan weg" in hers.open(MEETING).text

    def test_moves_one_date_and_asks_for_it_alone(self, hers: Browser, annemies: Browser, fatima: Person, series: Conversation) -> None:
        assert "?of=2026-03-11" in "".join(hers.open(MEETING).links)
        assert "place" not in forms_of(hers.open(f"{MEETING}/move?of=2026-03-11"))[0].fields

        tap(hers, f"{MEETING}/move?of=2026-03-11", "Vraag het", date="2026-03-12")
        page = annemies.open(TALK)
        assert "donderdag 12/3, 14:00 verplaatst, nog geen twee keer ja" in page.text
        tap(annemies, TALK, "Ja", page=page)

        meeting = newest(fatima, series)
        assert (meeting.repeat, meeting.changes[0].yes) == ("FREQ=WEEKLY", [1, 2])
        for browser in (hers, annemies):
            assert "donderdag 12/3, 14:00 verplaatst, gaat door" in browser.open(MEETING).text

    def test_cancels_one_date(self, hers: Browser, series: Conversation) -> None:
        tap(hers, f"{MEETING}/cancel?of=2026-03-18", "Zeg deze keer af")

        assert "woensdag 18/3, 14:00 gaat niet door" in hers.open(MEETING).text

    def test_has_no_other_dates(self, hers: Browser, series: Conversation) -> None:
        for name in ("2026-03-05", "2026-02-31", "x", "2026-02-25", "9" * 4096):
            assert hers.open(f"{MEETING}/move?of={name}").code == "no_such_date"
            assert hers.open(f"{MEETING}/cancel?of={name}").code == "no_such_date"
            assert tap(hers, TALK, "Deze keer niet", of=name).code == "no_such_date"
        assert entries() == 2


class TestAfterwards:
    @pytest.mark.parametrize(("button", "took_place"), [("Het ging door", True), ("Het ging niet door", False)])
    def test_one_tap_says_whether_it_took_place(
        self, hers: Browser, fatima: Person, asked: Conversation, clock: Clock, button: str, took_place: bool
    ) -> None:
        tap(hers, TALK, "Ja")
        assert "Ging het door?" not in hers.open(MEETING).text
        clock.move(days=3)
        assert "Voorbij" in hers.open(TALK).text and "Ging het door?" in hers.open(TALK).text

        said = tap(hers, MEETING, button, note="Hij was er niet.\r\nOk.")

        report = Report.objects.get()
        assert asked.data_key is not None
        assert (report.took_place, report.person, report.note(key=asked.data_key.unwrap())) == (took_place, fatima, "Hij was er niet.\nOk.")
        assert f"Je zei: {button}" in hers.open(said.to).text
        assert "Ging het door?" not in hers.open(TALK).text
        assert entries() == 2, "nobody else sees it"

    def test_each_date_of_a_series_is_asked_about(self, hers: Browser, series: Conversation, clock: Clock) -> None:
        clock.move(days=10)
        page = hers.open(MEETING)
        assert page.text.count("Ging het door?") == 2

        tap(hers, MEETING, "Het ging door", nth=1, page=page)

        assert Report.objects.get().date == "2026-03-11"

    def test_a_note_that_is_too_long_comes_back_where_it_was_typed(self, hers: Browser, series: Conversation, clock: Clock) -> None:
        clock.move(days=10)

        refused = tap(hers, MEETING, "Het ging door", nth=1, note="x" * 501)

        assert (refused.code, Report.objects.count()) == ("note_too_long", 0)
        assert [form.fields["note"] for form in forms_of(refused) if "note" in form.fields] == ["", "x" * 501]

    def test_is_not_asked_before(self, hers: Browser, asked: Conversation) -> None:
        tap(hers, TALK, "Ja")

        assert hers.press(MEETING, held="").code == "not_over_yet"
