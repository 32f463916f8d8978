from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Person, Role
from moderation.clauses import CLAUSES, NO_BREACH
from moderation.models import Case, Decision, Template
from moderation.words import DecisionKind
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.console.test_case_page import HTMX, address
from tests.factories import make_person
from tests.moderation.casework import claimed, fresh

CLAUSE = next(code for code in CLAUSES if code != NO_BREACH)
WORDS = "Je schreef iets dat pijn deed."


def decide(client: Client, case: Case, kind: str, **given: object) -> str:
    form = {"version": fresh(case).version, "kind": kind, "clause": CLAUSE, "words": WORDS, **given}
    return str(client.post(address(case, "decide/"), form, headers=HTMX).content.decode())


@pytest.fixture
def mine(case: Case, karim: Person, clock: Clock) -> Case:
    return claimed(case, karim, now=clock())


@pytest.fixture
def of_greet(case: Case, greet: Person, clock: Clock) -> Case:
    return claimed(case, greet, now=clock())


class TestDeciding:
    def test_offers_what_a_role_may_decide_and_the_rules_that_fit(self, office: Client, mine: Case, clock: Clock) -> None:
        page = office.get(address(mine)).content.decode()

        assert 'value="warn"' in page and 'value="suspend"' not in page
        assert all(said["nl"].replace("'", "&#x27;") in page for said in CLAUSES.values())

    def test_warns(self, office: Client, mine: Case) -> None:
        assert "Beslist" in decide(office, mine, "warn")
        assert Decision.objects.get().kind == DecisionKind.WARN

    def test_asks_for_a_rule_and_keeps_the_words(self, office: Client, mine: Case) -> None:
        page = decide(office, mine, "warn", clause="")

        assert "Kies de huisregel" in page and WORDS in page
        assert not Decision.objects.exists()

    def test_refuses_what_a_role_may_not(self, office: Client, mine: Case) -> None:
        assert "Dat mag jij hier niet" in decide(office, mine, "suspend")
        assert not Decision.objects.exists()

    def test_suspends_until_the_end_of_a_day_where_the_lead_is(self, of_greet: Case, greet: Person, clock: Clock) -> None:
        day = (clock() + timedelta(days=10)).date()

        decide(sign_in(greet), of_greet, "suspend", until=day.isoformat())

        assert Decision.objects.get().until == datetime.fromisoformat(f"{day}T22:59:59+00:00")

    def test_begins_with_a_template(self, office: Client, mine: Case) -> None:
        text = "Begin hiermee."
        template = Template.objects.create(organisation=mine.organisation, name="Verwittigen", kind="warn", language="nl", text=text)

        page = office.get(f"{address(mine)}?template={template.id}").content.decode()

        assert f"{text}</textarea>" in page and f'data-words="{text}"' in page

    def test_says_in_which_language_it_will_be_read_and_offers_that_first(self, office: Client, mine: Case, annemie: Person) -> None:
        assert "De brief is in het" not in office.get(address(mine)).content.decode()
        for language in ("nl", "tr"):
            Template.objects.create(
                organisation=mine.organisation, name="Verwittigen", kind="warn", language=language, text=f"In {language}"
            )
        Person.objects.filter(id=annemie.id).update(language="tr")

        page = office.get(address(mine)).content.decode()

        assert "De brief is in het Turks" in page
        assert page.index("In tr") < page.index("In nl")


class TestTheSecondPerson:
    def test_holds_the_case_and_agrees(self, of_greet: Case, greet: Person, clock: Clock) -> None:
        other = make_person(role=Role.LEAD)
        client = sign_in(other)
        decide(sign_in(greet), of_greet, "ban")
        decision = Decision.objects.get()
        assert "Neem het dossier" in client.get(address(of_greet)).content.decode()

        claimed(of_greet, other, now=clock())
        assert "Akkoord" in client.get(address(of_greet)).content.decode()
        page = client.post(f"/console/decisions/{decision.id}/agree/", headers=HTMX).content.decode()

        decision.refresh_from_db()
        assert "Je ging akkoord" in page
        assert decision.in_force_at is not None and decision.agreed_by_id == other.id

    def test_is_not_who_proposed_it(self, of_greet: Case, greet: Person, clock: Clock) -> None:
        client = sign_in(greet)
        decide(client, of_greet, "ban")
        claimed(of_greet, greet, now=clock())

        answer = client.post(f"/console/decisions/{Decision.objects.get().id}/agree/", headers=HTMX)

        assert answer.status_code == 403
        assert "iemand die er nog geen deel aan had" in answer.content.decode()

    def test_may_give_back_what_was_taken(self, of_greet: Case, greet: Person) -> None:
        client = sign_in(greet)
        assert "Nu opheffen" in decide(client, of_greet, "suspend")

        page = client.post(f"/console/decisions/{Decision.objects.get().id}/lift/", headers=HTMX).content.decode()

        assert "Opgeheven" in page and "Nu opheffen" not in page
