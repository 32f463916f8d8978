"""Who is there, and hearing nothing from somebody any more."""

from accounts.models import Block, Person
from programmes.models import Circle, State
from tests.conftest import Clock
from tests.factories import make_circle
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


class TestARest:
    def test_is_taken_and_ended_by_the_same_person(self, hers: Browser, annemie: Person, circle: Circle) -> None:
        assert "/t/1/rest" in hers.open("/t/1/people").links
        assert "niemand hier schrijven" in hers.open("/t/1/rest").text

        assert [hers.press("/t/1/rest").to for _ in range(2)] == ["/t/1#f"] * 2
        assert "staat op pauze" in hers.open("/t/1").text

        buddy = Browser.of(annemie)
        assert (buddy.open("/t/1/rest").status, buddy.press("/t/1/rest", go_on="").code) == (403, "forbidden")

        assert "Begin weer" in hers.open("/t/1/people").text
        assert hers.press("/t/1/rest", go_on="").to == "/t/1#f"
        circle.refresh_from_db()
        assert circle.state == State.ACTIVE

    def test_is_nobody_elses(self, hers: Browser, clock: Clock) -> None:
        make_circle(now=clock())

        assert hers.press("/t/2/rest").status == 404
