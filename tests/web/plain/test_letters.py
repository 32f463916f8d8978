"""Letters, appeals and who read what, without a script."""

import pytest

from accounts.actions import people
from accounts.models import Person, Role
from chat.models import Conversation
from moderation.actions import decisions, opening
from moderation.models import Appeal, Statement
from moderation.words import DecisionKind
from tests.conftest import Clock
from tests.factories import make_person
from tests.moderation.casework import claimed, flagged, fresh
from tests.web.plain.browser import Browser, say
from tests.web.plain.forms import tap


@pytest.fixture
def letter(annemie: Person, fatima: Person, conversation: Conversation, clock: Clock) -> str:
    """Where Annemie finds why her line was hidden."""
    sofie = make_person(role=Role.MODERATOR, name="Sofie", now=clock())
    say(["Domme trut"], by=[annemie], conversation=conversation)
    case = claimed(flagged(fatima, conversation, 1, now=clock()), sofie, now=clock())
    opening.open_case(case.id, by=sofie, now=clock())
    decisions.decide(
        case.id, kind=DecisionKind.HIDE, clause="respect", words="Dit doet pijn.", by=sofie, version=fresh(case).version, now=clock()
    )
    return f"/t/letters/{Statement.objects.get(person=annemie).id}"


class TestALetter:
    def test_is_announced_on_the_list_until_it_is_read(self, annemies: Browser, letter: str) -> None:
        assert "Er is een brief voor je" in annemies.open("/t").text
        assert letter in annemies.open("/t/letters").links

        assert "Sofie" not in annemies.open(letter).text

        assert "Er is een brief voor je" not in annemies.open("/t").text

    def test_says_nothing_of_who_reported(self, annemies: Browser, fatima: Person, letter: str) -> None:
        assert fatima.name not in annemies.open(letter).text

    def test_is_nobody_elses(self, hers: Browser, letter: str) -> None:
        assert hers.open(letter).status == 404
        assert hers.press(letter, body="Nee").code == "statement_not_found"

    def test_is_not_read_by_a_browser_that_looks_ahead(self, annemies: Browser, letter: str) -> None:
        annemies.open(letter, **{"Sec-Purpose": "prefetch"})

        assert "Er is een brief voor je" in annemies.open("/t").text


class TestAnAppeal:
    def test_is_a_few_words_and_a_button(self, annemies: Browser, letter: str) -> None:
        assert tap(annemies, letter, "Stuur", {"body": "Zo was het niet."}).to == letter

        page = annemies.open(letter)
        assert "vroeg je om opnieuw te kijken" in page.text
        assert "<form" not in page.html
        assert Appeal.objects.get().words == "Zo was het niet."

    def test_needs_words(self, annemies: Browser, letter: str) -> None:
        assert annemies.press(letter, body="  ").code == "words_needed"


class TestSomebodySuspended:
    def test_is_led_to_their_letters_and_appeals(self, annemies: Browser, annemie: Person, letter: str, clock: Clock) -> None:
        people.suspend(person=annemie, by=None, now=clock())

        shut = annemies.open("/t")
        assert (shut.code, "/t/letters" in shut.links) == ("suspended", True)
        assert letter in annemies.open("/t/letters").links
        assert tap(annemies, letter, "Stuur", {"body": "Zo was het niet."}).to == letter


class TestWhoReadWhat:
    def test_is_told_by_role(self, annemies: Browser, letter: str) -> None:
        page = annemies.open("/t/readings")

        assert "moderator" in page.text
        assert "Sofie" not in page.text

    def test_is_nobody_as_a_rule(self, hers: Browser) -> None:
        assert "Niemand van de organisatie las je berichten" in hers.open("/t/readings").text
