import pytest
from django.test import Client

from accounts.models import Person, Role
from chat.models import Conversation
from moderation.models import Case
from tests.conftest import Clock
from tests.console.conftest import WORDS, sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.casework import claimed, flagged, fresh

QUEUE = "/console/cases/"
PART = {"HX-Request": "true", "HX-Target": "rows"}


class TestTheQueue:
    def test_says_what_about_and_how_urgent_without_a_word_or_a_name(self, office: Client, case: Case) -> None:
        page = office.get(QUEUE).content.decode()

        assert "duo: bericht van buddy 2" in page
        assert "haat of discriminatie" in page and "pesten en haat" in page
        assert not [word for word in (WORDS, "Annemie", "Fatima", "schrok") if word in page]

    def test_shows_nothing_of_another_organisation(self, case: Case) -> None:
        stranger = sign_in(make_person(role=Role.MODERATOR, organisation=make_organisation(name="Elders")))

        assert "Niets te doen" in stranger.get(QUEUE).content.decode()

    def test_says_who_has_it(self, office: Client, case: Case, lena: Person, clock: Clock) -> None:
        claimed(case, lena, now=clock())

        page = office.get(QUEUE).content.decode()

        assert f"bij {lena.username}" in page
        assert "/claim/" not in page

    def test_gives_the_rows_alone_to_a_page_that_looks_again(self, office: Client, case: Case) -> None:
        part = office.get(QUEUE, headers=PART).content.decode()

        assert part.startswith('<div id="rows"') and "<html" not in part

    def test_filters(self, office: Client, case: Case, lena: Person, clock: Clock) -> None:
        short = str(case.id)[-6:]

        def shows(query: str) -> bool:
            return short in office.get(QUEUE + query).content.decode()

        assert shows("?state=new") and not shows("?state=claimed")
        assert shows(f"?priority={case.priority}") and not shows("?priority=0")
        assert not shows("?mine=1") and not shows("?overdue=1")
        clock.move(days=3)
        assert shows("?overdue=1")
        assert shows("?state=nonsense&priority=x")

    def test_shows_what_is_due_first_and_the_rest_when_asked(
        self, office: Client, case: Case, conversation: Conversation, monkeypatch: pytest.MonkeyPatch, clock: Clock, fatima: Person
    ) -> None:
        flagged(fatima, conversation, member=2, now=clock())
        monkeypatch.setattr("console.views.queue.SHOWN", 1)

        first, everything = (office.get(QUEUE + query).content.decode() for query in ("", "?all=1"))

        assert first.count("data-row>") == 2 and "Ook de 1 die later moeten" in first
        assert everything.count("data-row>") == 2 and "2 dossiers" in first and "die later" not in everything

    def test_keeps_its_filter_when_it_looks_again(self, office: Client, case: Case) -> None:
        part = office.get(QUEUE + "?state=new&mine=", headers=PART).content.decode()

        assert f'hx-get="{QUEUE}?state=new"' in part

    def test_is_for_who_may_see_it(self, nele: Person) -> None:
        assert sign_in(nele).get(QUEUE).status_code == 403

    def test_takes_a_case_with_one_button(self, office: Client, case: Case, karim: Person) -> None:
        answer = office.post(f"{QUEUE}{case.id}/claim/", {"version": fresh(case).version})

        assert (answer.status_code, answer["Location"]) == (302, f"{QUEUE}{case.id}/")
        assert fresh(case).claimed_by_id == karim.id
