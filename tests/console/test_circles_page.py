"""My circles: questions of members, and how it goes."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from moderation.actions import escalations
from moderation.models import Escalation, Statement
from moderation.words import Urgency
from programmes.actions import circles
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.casework import say

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
