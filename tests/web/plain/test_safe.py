"""Reporting, asking for the professional, and whom to call, without a script."""

from typing import Any

import pytest

from accounts.models import Language, Person
from chat.actions import hiding
from chat.models import Conversation
from moderation.models import Escalation, Flag
from tests.conftest import Clock
from tests.web.plain.browser import Browser, say
from tests.web.plain.forms import buttons_of, forms_of, tap
from web.plain.need import NEED
from web.plain.words import LANGUAGES, words


@pytest.fixture
def said(annemie: Person, fatima: Person, conversation: Conversation) -> Conversation:
    """Annemie, Fatima, Annemie."""
    say(["Leen me geld", "Nee", "Toe nu"], by=[annemie, fatima], conversation=conversation)
    return conversation


class TestReportingALine:
    def test_is_one_link_and_one_of_six_buttons(self, hers: Browser, said: Conversation, fatima: Person) -> None:
        assert [link for link in hers.open("/t/1").links if link.endswith("/flag")] == ["/t/1/1/flag", "/t/1/3/flag"]

        page = hers.open("/t/1/3/flag")
        assert "Toe nu" in page.text
        assert len(buttons_of(page)) == 6
        receipt = tap(hers, "/t/1/3/flag", "Geld", {"body": "Alweer"}, page=page)

        assert (receipt.status, "We hebben je melding" in receipt.text) == (200, True)
        assert [(flag.by_id, flag.target_seq, flag.reason, flag.words) for flag in Flag.objects.select_related("case__data_key")] == [
            (fatima.id, 3, "money", "Alweer")
        ]
        assert "/t/1/people" in receipt.links

    def test_needs_no_words_and_counts_once_however_often_it_is_pressed(self, hers: Browser, said: Conversation) -> None:
        page = hers.open("/t/1/1/flag")

        first, again = (tap(hers, "/t/1/1/flag", "Ik ben bezorgd", page=page) for _ in range(2))

        assert first.text == again.text
        assert Flag.objects.count() == 1

    @pytest.mark.parametrize("seq", [2, 9])
    def test_is_for_what_others_said(self, hers: Browser, said: Conversation, seq: int) -> None:
        assert hers.open(f"/t/1/{seq}/flag").status == 404

    def test_takes_one_of_the_six_reasons(self, hers: Browser, said: Conversation) -> None:
        form = forms_of(hers.open("/t/1/1/flag"))[0].fields
        asked: dict[str, Any] = {**form, "reason": "boring"}

        assert hers.press("/t/1/1/flag", **asked).status == 400
        assert not Flag.objects.exists()

    def test_comes_from_a_page_of_ours(self, hers: Browser, said: Conversation) -> None:
        form: dict[str, Any] = {**forms_of(hers.open("/t/1/1/flag"))[0].fields}

        assert hers.press("/t/1/1/flag", headers={"Origin": "https://elders.example"}, **form, reason="money").code == "origin_refused"
        assert not Flag.objects.exists()

    def test_shows_in_nothing_that_the_other_sees(self, hers: Browser, annemies: Browser, said: Conversation) -> None:
        before = annemies.open("/t/1").text

        tap(hers, "/t/1/3/flag", "Pesten")

        assert annemies.open("/t/1").text == before


class TestReportingAPerson:
    def test_is_beside_the_block(self, hers: Browser, said: Conversation) -> None:
        assert "/t/1/people/2/flag" in hers.open("/t/1/people").links

        tap(hers, "/t/1/people/2/flag", "Bedreiging")

        assert [(flag.member, flag.reason) for flag in Flag.objects.all()] == [(2, "unsafe")]

    def test_is_not_for_oneself(self, hers: Browser, said: Conversation) -> None:
        assert hers.open("/t/1/people/1/flag").status == 404


class TestAsking:
    def test_goes_to_the_coordinator_and_says_until_when(self, hers: Browser, said: Conversation, nele: Person) -> None:
        assert "/t/1/ask" in hers.open("/t/1").links

        receipt = tap(hers, "/t/1/ask", "Vandaag", {"body": "Kan je bellen?"})

        asked = Escalation.objects.select_related("data_key").get()
        assert (asked.assigned_to, asked.urgency, asked.words) == (nele, "today", "Kan je bellen?")
        assert nele.name in receipt.text

    def test_is_honest_about_the_hours_before_anything_is_typed(self, hers: Browser, said: Conversation, clock: Clock) -> None:
        clock.move(days=(5 - clock().weekday()) % 7)  # a Saturday

        page = hers.open("/t/1/ask").text

        assert "Nu is er niemand" in page
        assert "9:00" in page

    def test_works_where_nothing_can_be_written_any_more(self, hers: Browser, said: Conversation) -> None:
        hers.press("/t/1/rest")

        assert "staat op pauze" in hers.open("/t/1").text
        assert tap(hers, "/t/1/ask", "Vandaag").status == 200
        assert tap(hers, "/t/1/1/flag", "Geld").status == 200


class TestWhomToCall:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_shown_once_to_who_wrote_such_words(self, hers: Browser, fatima: Person, language: str) -> None:
        fatima.language = Language(language)
        fatima.save()
        hers.client.cookies[NEED] = "0"

        first, second = hers.open("/t/1"), hers.open("/t/1")

        assert words(language)["safe"]["needs"]["crisis"] in first.text
        assert 'href="tel:112"' in first.html
        assert 'href="tel:112"' not in second.html
        assert "need" not in first.html

    @pytest.mark.parametrize("said", ["9", "crisis", "", "00"])
    def test_is_nothing_else_that_a_cookie_says(self, hers: Browser, said: str) -> None:
        hers.client.cookies[NEED] = said

        assert 'class="e"' not in hers.open("/t/1").html

    def test_comes_from_the_words_and_is_in_no_address(self, hers: Browser) -> None:
        sent = hers.send("ik wil dood")

        assert sent.to == "/t/1#f"
        assert "Je bent niet alleen" in hers.open("/t/1").text

    def test_stands_on_every_page_with_what_happens_then(self, hers: Browser) -> None:
        for path in ("/t", "/t/1", "/t/1/ask", "/t/letters", "/t/readings", "/t/settings"):
            assert "/t/help" in hers.open(path).links, path
        assert "Maatje ziet niet dat je belt" in hers.open("/t/help").text


class TestHidden:
    def test_is_told_and_comes_back(self, hers: Browser, said: Conversation, clock: Clock) -> None:
        hiding.hide(said.id, 3, now=clock())
        hidden = hers.open("/t/1")
        hiding.restore(said.id, 3, now=clock())

        assert ("Toe nu" in hidden.text, "Verborgen door de moderatoren" in hidden.text) == (False, True)
        assert "/t/1/3/flag" not in hidden.links
        assert "Toe nu" in hers.open("/t/1").text
