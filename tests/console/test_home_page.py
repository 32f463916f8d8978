"""The first page: what waits, for each what concerns them."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Person, Role
from chat.models import Conversation
from moderation.actions import appeals, escalations
from moderation.models import Case, Statement
from moderation.words import DecisionKind, Urgency
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.factories import make_person
from tests.moderation.casework import claimed
from tests.moderation.deciding import decided
from tests.moderation.duty import make_shift


def said(client: Client) -> str:
    return " ".join(client.get("/console/").content.decode().split())


class TestWhatWaits:
    def test_for_a_coordinator_is_questions_and_decisions(
        self, nele: Person, greet: Person, case: Case, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        desk = sign_in(nele)
        assert "Wat op jou wacht" not in said(desk)
        asked = escalations.escalate(
            by_id=annemie.id, conversation_id=conversation.id, escalation_id=uuid4(), urgency=Urgency.TODAY, words="Bel me", now=clock()
        )
        decided(claimed(case, greet, now=clock()), DecisionKind.NOTE, greet, now=clock())

        assert "1 vraag aan de begeleider" in said(desk) and "1 beslissing in je kringen" in said(desk)
        clock.move(days=3)
        assert "1 te laat" in said(desk)
        taken = escalations.acknowledge(asked.id, by=nele, version=asked.version, now=clock())
        escalations.close(asked.id, note="Gebeld.", answer="", by=nele, version=taken.version, now=clock())
        assert "vraag aan de begeleider" not in said(desk)

    def test_for_a_reviewer_is_what_is_in_appeal(self, case: Case, karim: Person, annemie: Person, clock: Clock) -> None:
        rita = sign_in(make_person(role=Role.REVIEWER, now=clock()))
        decided(claimed(case, karim, now=clock()), DecisionKind.WARN, karim, now=clock())
        appeals.appeal(statement_id=Statement.objects.get(person=annemie).id, words="Nee", by=annemie, now=clock())

        assert "1 keer in beroep" in said(rita)
        assert "in beroep</a>" not in said(sign_in(karim)).partition('class="tiles"')[0]


class TestTheRoster:
    @pytest.mark.parametrize("role", [Role.LEAD, Role.ADMINISTRATOR])
    def test_that_is_empty_is_said_to_who_keeps_it(self, role: Role, office: Client, karim: Person, clock: Clock) -> None:
        keeper = sign_in(make_person(role=role))

        assert "Er staat niemand in het rooster" in said(keeper)
        assert "Er staat niemand in het rooster" not in said(office)
        make_shift(karim)
        assert "Er staat niemand in het rooster" not in said(keeper)
