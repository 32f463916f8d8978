"""A letter is read to whoever holds no device, by who answers for their circle, and that is written down."""

from datetime import datetime

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden
from moderation.actions import speaking
from moderation.errors import StatementNotFound
from moderation.models import Reading, Statement
from moderation.words import DecisionKind, StatementKind
from tests.factories import make_person
from tests.moderation.deciding import decided, held_case, letter_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(fatima: Person, annemie: Person, talk: Conversation, karin: Person, now: datetime) -> Statement:
    """To Annemie, who was suspended for line 2."""
    decided(held_case(fatima, talk, karin, now=now), DecisionKind.SUSPEND, karin, now=now)
    return letter_to(annemie, StatementKind.RESTRICTION)


class TestALetter:
    def test_is_opened_by_the_coordinator_or_the_deputy_each_time_with_a_row(
        self, letter: Statement, annemie: Person, nele: Person, bram: Person, now: datetime
    ) -> None:
        for person in (nele, bram):
            assert speaking.open_letter(letter.id, by=person, now=now).id == letter.id

        rows = AuditRow.objects.filter(action="case.letter_read", subject=f"case:{letter.case_id}").order_by("n")
        assert [row.actor_id for row in rows] == [nele.id, bram.id]
        assert list(Reading.objects.filter(person=annemie, audit_n__in=[row.n for row in rows]).values_list("lines", flat=True)) == [1, 1]

    def test_is_closed_to_everybody_else(self, letter: Statement, karin: Person, annemie: Person, now: datetime) -> None:
        for stranger in (karin, make_person(role=Role.COORDINATOR, now=now)):
            with pytest.raises(StatementNotFound):
                speaking.open_letter(letter.id, by=stranger, now=now)
        for role in (Role.MODERATOR, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR):
            with pytest.raises(Forbidden):
                speaking.open_letter(letter.id, by=make_person(role=role, now=now), now=now)
        assert not AuditRow.objects.filter(action="case.letter_read").exists()

    def test_is_ones_own_again_once_one_is_let_in(self, letter: Statement, annemie: Person, nele: Person, now: datetime) -> None:
        Person.objects.filter(id=annemie.id).update(suspended_at=None)

        with pytest.raises(StatementNotFound):
            speaking.open_letter(letter.id, by=nele, now=now)
