"""A meeting in a conversation and on its own page: what is said of it, and what each button does."""

import gzip
from typing import Any

import pytest

from accounts.models import Language, Person
from accounts.names import is_undisguised
from chat.models import Conversation, Entry
from programmes.actions import members
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY, do, newest
from tests.web.plain.browser import Browser, say
from tests.web.plain.forms import buttons_of, forms_of, tap
from tests.web.plain.test_safety import HOSTILE, bad_in
from tests.web.plain.test_sheets import SAID

TALK, MEETING = "/t/1", "/t/1/meeting/1"


def entries() -> int:
    return Entry.objects.filter(kind="meeting").count()


class TestAProposal:
    def test_says_who_asks_what_when_and_where(self, hers: Browser, asked: Conversation) -> None:
        text = hers.open(TALK).text

        for word in ("Annemie", "Voorstel", "woensdag 4/3, 14:00", "90 minuten", "vrije tijd", "Café De Zwaan", "Ja: Annemie"):
            assert word in text, word
        assert "klok van" not in text
        assert buttons_of(hers.open(TALK)) == ["Ja", "Nee", "Stuur"]

    def test_gives_its_author_no_answer_to_press(self, annemies: Browser, asked: Conversation) -> None:
        page = annemies.open(TALK)

        assert buttons_of(page) == ["Stuur"]
        assert {f"{MEETING}/move", f"{MEETING}/cancel"} <= set(page.links)
        assert f"{MEETING}/counter" not in page.links

    def test_is_answered_with_one_tap(self, hers: Browser, fatima: Person, asked: Conversation) -> None:
        said = tap(hers, TALK, "Ja")

        assert (said.to, newest(fatima, asked).state) == ("/t/1#f", "agreed")
        assert "Afgesproken" in hers.open(TALK).text and buttons_of(hers.open(TALK)) == ["Stuur"]

    def test_is_declined_without_a_reason(self, hers: Browser, fatima: Person, asked: Conversation) -> None:
        tap(hers, TALK, "Nee")

        assert newest(fatima, asked).no == [1]
        assert buttons_of(hers.open(TALK)) == ["Ja", "Stuur"], "who said no may still say yes"

    def test_of_several_times_has_a_yes_for_each_that_is_to_come(
        self, hers: Browser, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY, THURSDAY], now=clock())
        assert buttons_of(hers.open(TALK)) == ["Ja: woensdag 4/3, 14:00", "Ja: donderdag 5/3, 10:00", "Nee", "Stuur"]
        clock.move(days=2, hours=12)
        assert buttons_of(hers.open(TALK)) == ["Ja: donderdag 5/3, 10:00", "Nee", "Stuur"]

        tap(hers, TALK, "Ja: donderdag")

        assert [one.start for one in newest(fatima, conversation).times] == ["2026-03-05T10:00"]

    def test_names_the_clock_of_another_town(self, hers: Browser, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], zone="America/New_York", now=clock())

        for path in (TALK, MEETING, f"{MEETING}/counter", f"{MEETING}/cancel", "/t/meetings"):
            assert (path, "woensdag 4/3, 14:00 (klok van New York)" in hers.open(path).text) == (path, True)
        assert "Wanneer? klok van New York" in hers.open(f"{MEETING}/counter").text

    def test_is_pressed_once_however_often(self, hers: Browser, asked: Conversation) -> None:
        page = hers.open(TALK)

        assert [tap(hers, TALK, "Ja", page=page).status for _ in range(3)] == [303] * 3
        assert entries() == 2

    def test_of_an_old_page_says_that_it_was_done(self, hers: Browser, asked: Conversation, clock: Clock) -> None:
        page = hers.open(TALK)
        tap(hers, TALK, "Ja", page=page)
        clock.move(hours=1)

        again = tap(hers, TALK, "Ja", page=page)

        assert (again.status, again.code, entries()) == (409, "already_done", 2)
        assert "Afgesproken" in again.text

    def test_that_changed_shows_the_newest_and_its_buttons(
        self, hers: Browser, fatima: Person, annemie: Person, asked: Conversation, clock: Clock
    ) -> None:
        page = hers.open(TALK)
        do(annemie, asked, "move", meeting=1, version=1, times=[THURSDAY], now=clock())

        refused = tap(hers, TALK, "Ja", page=page)
        assert (refused.status, refused.code) == (409, "meeting_changed")
        assert "donderdag 5/3, 10:00" in refused.text and "intussen veranderd" in refused.text

        assert tap(hers, TALK, "Ja", page=refused).to == MEETING
        assert newest(fatima, asked).state == "agreed"


class TestOtherTimes:
    def test_are_asked_for_in_the_form_of_the_meeting(self, hers: Browser, fatima: Person, asked: Conversation) -> None:
        page = hers.open(f"{MEETING}/counter")
        assert {name: forms_of(page)[0].fields[name] for name in ("date", "time", "minutes", "place")} == {
            "date": "2026-03-04", "time": "14:00", "minutes": "90", "place": "Café De Zwaan",
        }  # fmt: skip

        tap(hers, f"{MEETING}/counter", "Vraag het", time="15u30", date2="6/3", time2="9:00")

        meeting = newest(fatima, asked)
        assert (meeting.act, meeting.proposer, meeting.version) == ("counter", 1, 2)
        assert [one.start for one in meeting.times] == ["2026-03-04T15:30", "2026-03-06T09:00"]
        assert (meeting.place, meeting.purpose, meeting.times[0].minutes) == ("Café De Zwaan", "leisure", 90)

    def test_clash_with_nothing_but_what_stays(self, hers: Browser, fatima: Person, asked: Conversation) -> None:
        tap(hers, TALK, "Ja")

        moved = tap(hers, f"{MEETING}/move", "Vraag het", time="14:30", place="Bib")

        assert moved.status == 303
        assert (newest(fatima, asked).act, newest(fatima, asked).place) == ("move", "Bib")

    def test_of_an_old_page_are_refused_beside_how_it_is_now(
        self, hers: Browser, fatima: Person, annemie: Person, asked: Conversation, clock: Clock
    ) -> None:
        page = hers.open(f"{MEETING}/counter")
        do(annemie, asked, "move", meeting=1, version=1, times=[THURSDAY], now=clock())

        refused = tap(hers, f"{MEETING}/counter", "Vraag het", time="16:00", page=page)

        assert (refused.code, forms_of(refused)[0].fields["time"]) == ("meeting_changed", "16:00")
        assert "donderdag 5/3, 10:00" in refused.text
        assert tap(hers, f"{MEETING}/counter", "Vraag het", page=refused).status == 303

    def test_are_no_answer_to_what_was_agreed(self, hers: Browser, asked: Conversation) -> None:
        page = hers.open(f"{MEETING}/counter")
        tap(hers, TALK, "Ja")

        assert tap(hers, f"{MEETING}/counter", "Vraag het", page=page).code == "already_agreed"


class TestCancelling:
    def test_asks_first_and_leaves_no_button(self, hers: Browser, annemies: Browser, fatima: Person, asked: Conversation) -> None:
        assert "De anderen zien" in annemies.open(f"{MEETING}/cancel").text

        tap(annemies, f"{MEETING}/cancel", "Zeg af")

        assert newest(fatima, asked).state == "cancelled"
        assert "Gaat niet door" in hers.open(TALK).text
        for path in (TALK, MEETING):
            page = hers.open(path)
            assert [word for word in buttons_of(page) if word != "Stuur"] == []
            assert not [link for link in page.links if link.startswith(f"{MEETING}/")]

    def test_of_a_cancelled_one_is_refused(self, hers: Browser, annemies: Browser, asked: Conversation) -> None:
        page = hers.open(TALK)
        tap(annemies, f"{MEETING}/cancel", "Zeg af")

        assert tap(hers, TALK, "Ja", page=page).code == "meeting_cancelled"

    def test_by_the_organisation_is_said(self, hers: Browser, asked: Conversation) -> None:
        hers.press("/t/1/rest")

        assert "Gestopt door de organisatie" in hers.open(TALK).text


class TestOlderLines:
    def test_are_short_and_only_the_newest_has_buttons(self, hers: Browser, annemie: Person, asked: Conversation, clock: Clock) -> None:
        do(annemie, asked, "move", meeting=1, version=1, times=[THURSDAY], now=clock())
        page = hers.open(TALK)

        assert "Afspraak: voorstel, woensdag 4/3, 14:00" in page.text
        assert buttons_of(page) == ["Ja", "Nee", "Stuur"]
        assert page.html.count("Café De Zwaan") == 1

    def test_of_an_older_page_lead_to_the_whole(self, hers: Browser, annemie: Person, asked: Conversation) -> None:
        say(["x"] * 30, by=[annemie], conversation=asked)
        assert "Voorstel" not in hers.open(TALK).text

        older = hers.open(f"{TALK}?before=8")

        assert "Afspraak: voorstel" in older.text and MEETING in older.links
        assert buttons_of(older) == ["Stuur"]

    def test_stay_within_what_a_page_may_weigh(self, hers: Browser, annemie: Person, fatima: Person, asked: Conversation) -> None:
        say(SAID[:18], by=[annemie, fatima], conversation=asked)
        tap(hers, MEETING, "Ja")

        sizes = [len(hers.open(TALK, **{"Accept-Encoding": encoding}).response.content) for encoding in ("br", "gzip")]

        assert gzip.decompress(hers.open(TALK, **{"Accept-Encoding": "gzip"}).response.content).count(b"<li>") == 20
        assert max(sizes) <= 1_500, sizes


class TestAGroup:
    @pytest.mark.django_db
    def test_offers_each_what_they_may(
        self,
        group: Conversation,
        amina: Person,
        chantal: Person,
        dirk: Person,
        clock: Clock,
    ) -> None:
        do(chantal, group, "propose", times=[WEDNESDAY], now=clock())
        aminas = Browser.of(amina)
        assert not {f"{MEETING}/cancel", f"{MEETING}/move"} & set(aminas.open(MEETING).links)

        tap(aminas, TALK, "Ja")

        assert buttons_of(aminas.open(MEETING)) == ["Ik kan niet"]
        assert aminas.press(MEETING, **_numbers(aminas), cancel="").code == "not_yours_to_move"
        assert buttons_of(Browser.of(dirk).open(MEETING)) == ["Ja", "Nee"]
        tap(aminas, MEETING, "Ik kan niet")
        assert newest(dirk, group).state == "proposed"

    def test_shows_who_left_what_was_and_no_button(self, group: Conversation, amina: Person, dirk: Person, clock: Clock) -> None:
        do(dirk, group, "propose", times=[WEDNESDAY], now=clock())
        members.remove(circle=group.circle, person=amina, by=amina, now=clock())

        aminas = Browser.of(amina)

        assert "woensdag 4/3, 14:00" in aminas.open(TALK).text and buttons_of(aminas.open(TALK)) == []
        assert aminas.open(MEETING).code == "meeting_not_found"
        assert aminas.press(MEETING, held="").code == "conversation_not_found"


class TestWhatIsNotTheirs:
    def test_is_not_there(self, hers: Browser, asked: Conversation, annemie: Person, elsewhere: Conversation, clock: Clock) -> None:
        stranger = Browser.of(elsewhere.members.exclude(person=annemie).earliest("number").person)
        for path in (MEETING, f"{MEETING}/move", f"{MEETING}/cancel", f"{MEETING}.ics"):
            assert (path, stranger.open(path).status) == (path, 404)
            assert stranger.press(path, **_numbers(hers), yes="1").status in {403, 404}
        assert entries() == 1

    def test_is_no_number(self, hers: Browser, asked: Conversation) -> None:
        for number in ("0", "2", "999999999", "9999999999", "x", "-1", "1.5", "%31%00"):
            assert (number, hers.open(f"/t/1/meeting/{number}").status) == (number, 404)

    def test_is_refused_in_words_whatever_a_form_says(self, hers: Browser, asked: Conversation) -> None:
        numbers = _numbers(hers)
        wrong = [
            ({"yes": "2"}, "no_such_time"), ({"yes": "x"}, "no_such_time"), ({"yes": "-1"}, "no_such_time"), ({"no": "", "of": "x"}, "no_such_date"),
            ({"yes": "1", "of": "2026-03-04"}, "no_such_date"), ({"yes": "1", "version": "0"}, "invalid"), ({"yes": "1", "version": "9" * 30}, "invalid"),
            ({"yes": "1", "version": ""}, "invalid"), ({"yes": "1", "version": "7"}, "meeting_changed"), ({}, "invalid"),
            ({"yes": "1", "draft_id": "x"}, "stale_form"), ({"held": "", "of": "2026-03-04"}, "no_such_date"),
        ]  # fmt: skip
        for fields, code in wrong:
            refused = hers.press(MEETING, **{**numbers, **fields})
            assert (fields, refused.code, refused.status < 500) == (fields, code, True)
        assert entries() == 1

    def test_is_no_form_of_another_conversation(self, hers: Browser, asked: Conversation) -> None:
        assert hers.press(MEETING, draft_id="abcdefgh1234", version="1", yes="1").code == "conversation_not_found"

    def test_comes_from_our_own_pages(self, hers: Browser, asked: Conversation) -> None:
        for path in (MEETING, "/t/1/plan", f"{MEETING}/move", "/t/meetings/away", "/t/meetings/calendar", "/t/settings/notices"):
            assert hers.press(path, headers={"Origin": "https://evil.example"}, **_numbers(hers), yes="1").code == "origin_refused"
        assert entries() == 1


class TestWhatSomebodyElseWrote:
    def test_stays_text(self, hers: Browser, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        for number, place in enumerate(filter(is_undisguised, HOSTILE), 1):
            do(annemie, conversation, "propose", times=[THURSDAY], place=place, now=clock())
            for path in (TALK, f"/t/1/meeting/{number}", f"/t/1/meeting/{number}/counter", "/t/meetings"):
                page = hers.open(path)
                assert (page.status, bad_in(page)) == (200, [])

    def test_is_a_file_for_a_calendar(self, hers: Browser, asked: Conversation) -> None:
        file = hers.open(f"{MEETING}.ics").response

        assert (file["Content-Type"], file["Content-Disposition"]) == ("text/calendar; charset=utf-8", 'attachment; filename="meeting.ics"')
        assert b"BEGIN:VEVENT" in file.content


class TestEveryLanguage:
    @pytest.mark.parametrize("language", Language.values)
    def test_has_a_word_for_everything(self, hers: Browser, fatima: Person, series: Conversation, clock: Clock, language: str) -> None:
        Person.objects.filter(id=fatima.id).update(language=language)

        for path in (
            TALK,
            MEETING,
            "/t/1/plan",
            f"{MEETING}/move",
            "/t/meetings",
            "/t/meetings/away",
            "/t/meetings/calendar",
            "/t/settings/notices",
        ):
            page = hers.open(path)
            assert (path, page.status, "{}" in page.text, ' dir="rtl"' in page.html) == (path, 200, False, language == "ar")


def _numbers(browser: Browser) -> dict[str, Any]:
    """The hidden fields of the buttons of the meeting."""
    page = browser.open(MEETING)
    found = [form.fields for form in forms_of(page) if "version" in form.fields]
    return {name: found[0][name] for name in ("draft_id", "version")}
