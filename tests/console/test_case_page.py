import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person, Role
from audit.models import AuditRow
from moderation.models import Case, Rules
from tests.conftest import Clock
from tests.console.conftest import WORDS, sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.casework import audited, claimed, fresh

HTMX = {"HX-Request": "true"}


def address(case: Case, act: str = "") -> str:
    return f"/console/cases/{case.id}/{act}"


@pytest.fixture
def mine(case: Case, karim: Person, clock: Clock) -> Case:
    """Karim holds it."""
    return claimed(case, karim, now=clock())


class TestTheCase:
    def test_shows_no_word_before_it_is_held(self, office: Client, case: Case) -> None:
        page = office.get(address(case)).content.decode()

        assert "haat of discriminatie" in page
        assert WORDS not in page and "schrok" not in page
        assert "read" not in audited(case)

    def test_shows_the_words_to_who_holds_it_and_writes_that_down(self, office: Client, mine: Case) -> None:
        page = office.get(address(mine)).content.decode()

        assert WORDS in page and "Ik schrok hiervan" in page
        assert audited(mine)[-1] == "read"

    def test_folds_away_what_distresses(self, office: Client, mine: Case) -> None:
        page = office.get(address(mine)).content.decode()

        assert re.search(rf'<details class="veil"><summary>[^<]*</summary><p class="body" dir="auto">{re.escape(WORDS)}', page)

    def test_stops_showing_them_when_the_time_is_over(self, office: Client, mine: Case, clock: Clock) -> None:
        clock.move(minutes=31)

        assert WORDS not in office.get(address(mine)).content.decode()

    def test_never_says_who_flagged_to_a_moderator(self, office: Client, mine: Case, fatima: Person) -> None:
        page = office.get(address(mine)).content.decode()

        assert "Wie meldde" not in page and str(fatima.id) not in page and "Fatima" not in page
        assert office.post(address(mine, "who/")).status_code == 403

    def test_says_it_to_a_lead_who_holds_it_and_writes_that_down(self, case: Case, greet: Person, clock: Clock) -> None:
        claimed(case, greet, now=clock())

        part = sign_in(greet).post(address(case, "who/"), headers=HTMX).content.decode()

        assert "Fatima" in part
        assert audited(case)[-1] == "flaggers_seen"

    def test_is_not_there_for_another_organisation(self, case: Case) -> None:
        stranger = sign_in(make_person(role=Role.LEAD, organisation=make_organisation(name="Elders")))

        assert stranger.get(address(case)).status_code == 404

    def test_is_not_for_a_lead_who_answers_for_the_circle(self, case: Case, greet: Person) -> None:
        case.circle.deputy = greet
        case.circle.save()

        answer = sign_in(greet).get(address(case))

        assert answer.status_code == 403
        assert "Je kent deze kring" in answer.content.decode()

    def test_stops_at_what_one_can_bear_in_a_day(self, office: Client, mine: Case) -> None:
        Rules.objects.create(organisation=mine.organisation, most_distressing=0)

        page = office.get(address(mine)).content.decode()

        assert "Genoeg voor vandaag" in page and WORDS not in page

    def test_escapes_what_people_wrote(self, case: Case, office: Client, mine: Case) -> None:
        office.post(address(mine, "note/"), {"version": fresh(mine).version, "words": "<script>alert(1)</script>\u202e"})

        page = office.get(address(mine)).content.decode()

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page and "dwing rechts→links" in page


class TestActing:
    def post(self, client: Client, case: Case, act: str, **given: object) -> Any:
        return client.post(address(case, act), {"version": fresh(case).version, **given})

    def test_answers_a_refusal_with_why_and_how_it_is_now(self, office: Client, case: Case, lena: Person, clock: Clock) -> None:
        seen = fresh(case).version
        claimed(case, lena, now=clock())

        answer = office.post(address(case, "claim/"), {"version": seen}, headers=HTMX)

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Een collega heeft dit dossier nu" in page and f"Ligt bij {lena.username}" in page
        assert page.startswith('<div id="case"')

    def test_keeps_what_was_typed_when_somebody_was_first(self, office: Client, mine: Case) -> None:
        answer = office.post(address(mine, "note/"), {"version": 1, "words": "Belde met de school"})

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Iemand veranderde dit intussen" in page
        assert "Belde met de school</textarea>" in page

    def test_keeps_what_was_typed_when_the_time_was_over(self, office: Client, mine: Case, clock: Clock) -> None:
        clock.move(minutes=31)

        answer = office.post(address(mine, "note/"), {"version": fresh(mine).version, "words": "Belde met de school"})

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "ligt niet (meer) bij jou" in page
        assert "Wat je schreef" in page and "Belde met de school" in page

    def test_keeps_a_note(self, office: Client, mine: Case) -> None:
        answer = self.post(office, mine, "note/", words="Belde met de school")

        assert answer.status_code == 302
        assert "Belde met de school" in office.get(address(mine)).content.decode()

    def test_asks_for_words(self, office: Client, mine: Case) -> None:
        answer = self.post(office, mine, "note/", words="")

        assert answer.status_code == 422
        assert "Zeg er een paar woorden bij" in answer.content.decode()

    def test_gives_it_to_a_colleague(self, office: Client, mine: Case, lena: Person) -> None:
        answer = self.post(office, mine, "hand-over/", to=str(lena.id))

        assert answer["Location"] == "/console/cases/"
        assert fresh(mine).handed_to_id == lena.id

    def test_leaves_it_to_a_lead(self, office: Client, mine: Case, greet: Person) -> None:
        self.post(office, mine, "escalate/", words="Dit is te groot voor mij")

        assert fresh(mine).for_leads
        assert 'data-key="c"' not in office.get(address(mine)).content.decode()
        assert 'data-key="c"' in sign_in(greet).get(address(mine)).content.decode()

    def test_hides_for_now(self, office: Client, mine: Case) -> None:
        self.post(office, mine, "hide/", hours=24)

        assert "verborgen tot" in office.get(address(mine)).content.decode()

    def test_lets_go_of_the_case_of_people_one_knows(self, office: Client, mine: Case, karim: Person) -> None:
        answer = office.post(address(mine, "recuse/"))

        assert answer["Location"] == "/console/cases/" and fresh(mine).claimed_by is None
        assert audited(mine)[-1] == "recused"
        assert str(mine.id) not in office.get("/console/cases/").content.decode()
        assert [office.get(address(mine)).status_code, office.post(address(mine, "recuse/")).status_code] == [403, 403]

    def test_says_that_it_changed_to_who_looks(self, office: Client, case: Case, lena: Person, clock: Clock) -> None:
        seen = fresh(case).version
        assert office.get(address(case, f"fresh/{seen}/"), headers=HTMX).status_code == 204
        claimed(case, lena, now=clock())

        part = office.get(address(case, f"fresh/{seen}/"), headers=HTMX).content.decode()

        assert "intussen veranderd" in part and str(lena.username) in part

    def test_takes_the_words_off_the_screen_when_the_time_is_over(self, office: Client, mine: Case, clock: Clock) -> None:
        page = office.get(address(mine)).content.decode()
        assert f'<noscript><meta http-equiv="refresh" content="1801;url={address(mine)}"></noscript>' in page
        clock.move(minutes=31)

        part = office.get(address(mine, f"fresh/{fresh(mine).version}/?mine"), headers=HTMX).content.decode()

        assert "ligt niet meer bij jou" in part
        assert '<div id="case-words" hx-swap-oob="true">' in part

    def test_widens_with_a_reason_for_a_lead(self, case: Case, greet: Person, clock: Clock) -> None:
        claimed(case, greet, now=clock())
        client = sign_in(greet)

        self.post(client, case, "widen/", lines=10, reason="Er lijkt meer te spelen")

        assert "widened" in audited(case)
        assert AuditRow.objects.filter(action="case.widened").exists()
        assert self.post(sign_in(make_person(role=Role.MODERATOR)), case, "widen/", lines=20, reason="x").status_code == 403
