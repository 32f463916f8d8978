"""My circles: questions of members, and how it goes."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from moderation.actions import appeals, escalations
from moderation.models import Appeal, Case, CircleTask, Escalation, Reading, Statement
from moderation.words import DecisionKind, Urgency
from programmes.actions import circles
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.casework import say
from tests.moderation.deciding import decided, held_case

CIRCLES = "/console/circles/"
WORDS = "Ze klinkt heel moe <b>de laatste tijd</b>"


@pytest.fixture
def desk(nele: Person) -> Client:
    """The coordinator's browser."""
    return sign_in(nele)


@pytest.fixture
def escalation(annemie: Person, conversation: Conversation, clock: Clock) -> Escalation:
    return escalations.escalate(
        by_id=annemie.id, conversation_id=conversation.id, escalation_id=uuid4(), urgency=Urgency.TODAY, words=WORDS, now=clock()
    )


class TestHowItGoes:
    def test_is_silent_where_nobody_wrote(self, desk: Client, conversation: Conversation) -> None:
        page = desk.get(CIRCLES).content.decode()

        assert "Fatima en Annemie" in page and ">stil<" in page and "nog nooit" in page

    def test_shows_that_one_side_writes_alone(self, desk: Client, conversation: Conversation, fatima: Person, clock: Clock) -> None:
        say(conversation, (fatima, "Ben je daar?"), now=clock())

        page = desk.get(CIRCLES).content.decode()

        assert "één kant schrijft" in page and "Ben je daar?" not in page

    def test_goes_well_where_both_write(
        self, desk: Client, conversation: Conversation, fatima: Person, annemie: Person, clock: Clock
    ) -> None:
        say(conversation, (fatima, "Dag"), (annemie, "Dag!"), now=clock())

        assert ">loopt<" in desk.get(CIRCLES).content.decode()

    def test_rest_is_rest(self, desk: Client, conversation: Conversation, nele: Person, clock: Clock) -> None:
        circles.pause(circle=conversation.circle, by=nele, now=clock())

        assert ">pauze<" in desk.get(CIRCLES).content.decode()

    def test_is_of_ones_own_circles(self, conversation: Conversation) -> None:
        page = sign_in(make_person(role=Role.COORDINATOR)).get(CIRCLES).content.decode()

        assert "Je begeleidt nog geen kring." in page


class TestAQuestion:
    def test_is_in_the_list_without_its_words(self, desk: Client, escalation: Escalation) -> None:
        page = desk.get(CIRCLES).content.decode()

        assert "vandaag" in page and "heel moe" not in page

    def test_is_read_after_a_row_of_the_audit_log(self, desk: Client, escalation: Escalation, nele: Person) -> None:
        page = desk.get(f"/console/escalations/{escalation.id}/").content.decode()

        assert "Ze klinkt heel moe &lt;b&gt;de laatste tijd&lt;/b&gt;" in page
        assert AuditRow.objects.filter(action="escalation.read", actor_id=nele.id).count() == 1

    def test_is_taken_up_closed_and_answered(self, desk: Client, escalation: Escalation, annemie: Person, clock: Clock) -> None:
        at = f"/console/escalations/{escalation.id}/"
        desk.post(f"{at}acknowledge/", {"version": "1"})
        empty = desk.post(f"{at}close/", {"version": "2", "note": ""})
        desk.post(f"{at}close/", {"version": "2", "note": "Gebeld.", "answer": "Ik ga bij haar langs."})

        assert empty.status_code == 422 and "Zeg wat er gedaan is." in empty.content.decode()
        assert "Gebeld." in desk.get(at).content.decode()
        assert Statement.objects.get(person=annemie).words == "Ik ga bij haar langs."

    def test_is_taken_up_by_one(self, desk: Client, bram: Person, escalation: Escalation) -> None:
        desk.post(f"/console/escalations/{escalation.id}/acknowledge/", {"version": "1"})

        second = sign_in(bram).post(f"/console/escalations/{escalation.id}/acknowledge/", {"version": "1"})

        assert second.status_code == 409

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR, Role.REVIEWER, Role.ADMINISTRATOR])
    def test_is_no_work_of_other_roles(self, escalation: Escalation, role: Role) -> None:
        assert sign_in(make_person(role=role)).get(f"/console/escalations/{escalation.id}/").status_code == 403

    def test_anothers_and_none_answer_alike(self, escalation: Escalation) -> None:
        stranger = sign_in(make_person(role=Role.LEAD, organisation=make_organisation(name="Anderen")))

        first, second = [stranger.get(f"/console/escalations/{one}/") for one in (escalation.id, uuid4())]

        assert (first.status_code, second.status_code) == (404, 404)
        assert _main(first.content) == _main(second.content)


def _main(page: bytes) -> bytes:
    """Without the token of its forms, which is another one each time."""
    return page.partition(b"<main")[2].partition(b"</main>")[0]


@pytest.fixture
def case(fatima: Person, annemie: Person, conversation: Conversation, clock: Clock) -> Case:
    """A lead holds what Annemie wrote."""
    say(conversation, (annemie, "Geef me geld"), now=clock())
    return held_case(fatima, conversation, make_person(role=Role.LEAD, name="Greet"), 1, words="Ik schrok", now=clock())


def lead_of(case: Case) -> Person:
    assert case.claimed_by is not None
    return case.claimed_by


class TestWhatWasDecided:
    def test_is_there_until_it_was_seen_and_without_words(self, desk: Client, case: Case, clock: Clock) -> None:
        decided(case, DecisionKind.NOTE, lead_of(case), words="Annemie vroeg geld.", now=clock())

        page = desk.get(CIRCLES).content.decode()
        task = CircleTask.objects.get()
        desk.post(f"{CIRCLES}decided/{task.id}/seen/")

        assert "bespreek het met deze persoon" in page and "over Annemie" in page
        assert not [words for words in ("Geef me geld", "Ik schrok", "vroeg geld") if words in page]
        assert "Beslist in je kring" not in desk.get(CIRCLES).content.decode()

    def test_is_of_ones_own_circles(self, case: Case, clock: Clock) -> None:
        decided(case, DecisionKind.NOTE, lead_of(case), now=clock())
        stranger = sign_in(make_person(role=Role.COORDINATOR))

        assert "Beslist in je kring" not in stranger.get(CIRCLES).content.decode()
        assert stranger.post(f"{CIRCLES}decided/{CircleTask.objects.get().id}/seen/").status_code == 404


class TestALetterToSomebodyWhoWasShutOut:
    @pytest.fixture
    def letter(self, case: Case, annemie: Person, clock: Clock) -> Statement:
        decided(case, DecisionKind.SUSPEND, lead_of(case), words="Dit kan niet.", now=clock())
        return Statement.objects.get(person=annemie, kind="restriction")

    def test_is_read_to_them_after_a_row_that_says_so(self, desk: Client, letter: Statement, annemie: Person, nele: Person) -> None:
        listed = desk.get(CIRCLES).content.decode()
        before = AuditRow.objects.filter(action="case.letter_read").count()
        page = desk.get(address(letter)).content.decode()

        assert "Annemie: schorsen" in listed and "Dit kan niet" not in listed and before == 0
        assert "Dit kan niet." in page and "Geef me geld" in page
        assert AuditRow.objects.get(action="case.letter_read").actor_id == nele.id
        assert Reading.objects.get(person=annemie, by=nele).lines == 1

    def test_is_in_their_language_and_in_dutch(self, desk: Client, letter: Statement, annemie: Person) -> None:
        Person.objects.filter(id=annemie.id).update(language="ar")

        page = desk.get(address(letter)).content.decode()

        assert 'lang="ar" dir="auto"' in page and "<summary>In het Nederlands</summary>" in page

    def test_takes_what_they_say_of_it(self, desk: Client, letter: Statement, annemie: Person, nele: Person) -> None:
        desk.post(f"{address(letter)}appeal/", {"words": "Ze zegt dat het een grap was."})

        made = Appeal.objects.get()
        assert (made.person, made.words) == (annemie, "Ze zegt dat het een grap was.")
        assert AuditRow.objects.get(action="case.appealed").actor_id == nele.id
        page = desk.get(address(letter)).content.decode()
        assert "In beroep sinds" in page and "<textarea" not in page

    def test_tells_them_what_became_of_their_appeal(
        self, desk: Client, letter: Statement, annemie: Person, nele: Person, clock: Clock
    ) -> None:
        made = appeals.appeal(statement_id=letter.id, words="Het was een grap.", by=nele, now=clock())
        rita = make_person(role=Role.REVIEWER, now=clock())
        held = appeals.claim(made.id, by=rita, version=made.version, now=clock())
        appeals.decide(made.id, outcome="upheld", words="Dit blijft.", by=rita, version=held.version, now=clock())

        assert "Annemie: schorsen, uitkomst van het beroep" in desk.get(CIRCLES).content.decode()
        page = desk.get(address(Statement.objects.get(person=annemie, kind="appeal"))).content.decode()
        assert "Dit blijft." in page and "<textarea" not in page

    def test_keeps_what_was_typed_when_it_is_refused(self, desk: Client, letter: Statement) -> None:
        empty = desk.post(f"{address(letter)}appeal/", {"words": "  "})
        long = desk.post(f"{address(letter)}appeal/", {"words": "<b>" + "a" * 2_000})

        assert "Zeg in een paar woorden" in empty.content.decode()
        assert long.status_code == 400 and "&lt;b&gt;aaa" in long.content.decode()
        assert not Appeal.objects.exists()

    def test_is_no_matter_of_others(self, letter: Statement) -> None:
        lead, coordinator = (make_person(role=role) for role in (Role.LEAD, Role.COORDINATOR))

        for stranger in map(sign_in, (lead, coordinator)):
            assert stranger.get(address(letter)).status_code == 404
            assert stranger.post(f"{address(letter)}appeal/", {"words": "Nee"}).status_code == 404
        assert not AuditRow.objects.filter(action="case.letter_read").exists()

    def test_is_their_own_as_long_as_they_are_in(self, desk: Client, case: Case, annemie: Person, clock: Clock) -> None:
        decided(case, DecisionKind.WARN, lead_of(case), now=clock())
        letter = Statement.objects.get(person=annemie, kind="restriction")

        assert "Brieven voor wie" not in desk.get(CIRCLES).content.decode()
        assert desk.get(address(letter)).status_code == 404
        assert desk.post(f"{address(letter)}appeal/", {"words": "Nee"}).status_code == 404

    def test_never_tells_what_they_flagged(self, desk: Client, letter: Statement, fatima: Person, nele: Person, clock: Clock) -> None:
        """Who flagged and was shut out later: the coordinator hears nothing of it."""
        outcome = Statement.objects.get(person=fatima, kind="outcome")
        Person.objects.filter(id=fatima.id).update(suspended_at=clock())

        assert "Fatima: schorsen" not in desk.get(CIRCLES).content.decode()
        assert desk.get(address(outcome)).status_code == 404


def address(letter: Statement) -> str:
    return f"{CIRCLES}letters/{letter.id}/"
