"""Appeals: seen and decided by who had no part in the decision."""

import pytest
from django.test import Client

from accounts.models import Person, Role
from audit.models import AuditRow
from moderation.actions import appeals
from moderation.models import Appeal, Case, Rules, Statement
from moderation.words import DecisionKind
from tests.conftest import Clock
from tests.console.conftest import WORDS, sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.casework import claimed
from tests.moderation.deciding import decided

APPEALS = "/console/appeals/"
ASKED = "Ik bedoelde dat <i>helemaal</i> anders."


@pytest.fixture
def appeal(case: Case, karim: Person, annemie: Person, clock: Clock) -> Appeal:
    """Karim warned Annemie, who does not agree."""
    decided(claimed(case, karim, now=clock()), DecisionKind.WARN, karim, now=clock())
    letter = Statement.objects.get(person=annemie)
    return appeals.appeal(statement_id=letter.id, words=ASKED, by=annemie, now=clock())


@pytest.fixture
def desk(now: object, db: None) -> Client:
    """The reviewer's browser."""
    return sign_in(make_person(role=Role.REVIEWER, name="Rita"))


class TestTheList:
    def test_says_what_waits_and_no_words(self, desk: Client, appeal: Appeal) -> None:
        page = desk.get(APPEALS).content.decode()

        assert "verwittigen" in page and "helemaal" not in page

    def test_leaves_out_what_one_had_a_part_in(self, appeal: Appeal, greet: Person, karim: Person) -> None:
        karim.role = Role.LEAD
        karim.save()

        assert "Er wacht geen beroep op jou." in sign_in(karim).get(APPEALS).content.decode()
        assert "verwittigen" in sign_in(greet).get(APPEALS).content.decode()

    def test_is_of_ones_own_organisation(self, appeal: Appeal) -> None:
        stranger = sign_in(make_person(role=Role.REVIEWER, organisation=make_organisation(name="Anderen")))

        assert "Er wacht geen beroep op jou." in stranger.get(APPEALS).content.decode()
        assert stranger.get(f"{APPEALS}{appeal.id}/").status_code == 404


class TestOne:
    def test_shows_words_to_who_took_it_after_a_row_of_the_log(self, desk: Client, appeal: Appeal) -> None:
        before = desk.get(f"{APPEALS}{appeal.id}/").content.decode()
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})
        after = desk.get(f"{APPEALS}{appeal.id}/").content.decode()

        assert "helemaal" not in before and WORDS not in before
        assert "&lt;i&gt;helemaal&lt;/i&gt;" in after and WORDS in after
        assert AuditRow.objects.filter(action="appeal.read").count() == 1

    def test_veils_what_distresses(self, desk: Client, appeal: Appeal) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        page = desk.get(f"{APPEALS}{appeal.id}/").content.decode()

        assert '<details class="veil">' in page and "Vandaag 1 van hoogstens 20 zware dossiers." in page

    def test_can_be_given_back_by_who_saw_enough_today(self, desk: Client, appeal: Appeal) -> None:
        Rules.objects.create(organisation=appeal.decision.case.organisation, most_distressing=0)
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        page = desk.get(f"{APPEALS}{appeal.id}/").content.decode()
        desk.post(f"{APPEALS}{appeal.id}/release/", {"version": "2"})

        assert "Je zag vandaag al veel." in page and WORDS not in page and "helemaal" not in page
        assert Appeal.objects.get(id=appeal.id).claimed_by is None

    def test_is_overturned_with_a_letter(self, desk: Client, appeal: Appeal, annemie: Person) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})
        empty = desk.post(f"{APPEALS}{appeal.id}/answer/", {"version": "2", "outcome": "overturned"})
        desk.post(f"{APPEALS}{appeal.id}/answer/", {"version": "2", "outcome": "overturned", "words": "Je hebt gelijk."})

        found = Appeal.objects.get(id=appeal.id)
        assert empty.status_code == 422
        assert (found.outcome, found.answer) == ("overturned", "Je hebt gelijk.")
        assert Statement.objects.filter(person=annemie, kind="appeal").exists()

    def test_is_not_for_who_decided(self, appeal: Appeal, karim: Person) -> None:
        karim.role = Role.LEAD
        karim.save()

        assert sign_in(karim).get(f"{APPEALS}{appeal.id}/").status_code == 403

    def test_is_decided_by_one(self, desk: Client, appeal: Appeal, greet: Person) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        late = sign_in(greet).post(f"{APPEALS}{appeal.id}/answer/", {"version": "2", "outcome": "upheld", "words": "Nee."})

        assert late.status_code == 409
        assert Appeal.objects.get(id=appeal.id).outcome == ""
