"""Who is there, and hearing nothing from somebody any more."""

from accounts.models import Block, Person
from tests.web.plain.browser import Browser


class TestPeople:
    def test_begin_with_who_answers_for_it(self, hers: Browser) -> None:
        said = hers.open("/t/1/people").text

        assert said.index("Nele") < said.index("Bram") < said.index("Jij") < said.index("Annemie")

    def test_can_be_blocked_and_heard_again(self, hers: Browser, fatima: Person, annemie: Person) -> None:
        asked = hers.open("/t/1/people/2")
        assert "niemand nog schrijven" in asked.text
        assert not Block.objects.exists()

        assert hers.press("/t/1/people/2").to == "/t/1/people"
        assert Block.objects.filter(blocker=fatima, blocked=annemie).exists()
        assert "geblokkeerd" in hers.open("/t/1/people").text

        hers.press("/t/1/people/2", lift="")
        assert not Block.objects.exists()

    def test_are_others(self, hers: Browser) -> None:
        assert hers.press("/t/1/people/1").status == 404
        assert not Block.objects.exists()
