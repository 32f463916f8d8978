"""A letter is read to whoever holds no device, by who answers for their circle, and that is written down."""

from datetime import datetime, timedelta

import pytest

from accounts.actions import devices, people
from accounts.models import Device, Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from core.errors import Forbidden
from moderation.actions import appeals, speaking
from moderation.errors import StatementNotFound
from moderation.models import Reading, Statement
from moderation.reading.asked import letters_to_shut_out
from moderation.words import DecisionKind, StatementKind
from tests.factories import make_person
from tests.moderation.deciding import decided, held_case, letter_to, letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]

MOMENT = timedelta(minutes=1)


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


class TestACoordinatorWhoSuspendsSomebodyToReadTheirLetters:
    @pytest.fixture
    def warning(self, fatima: Person, annemie: Person, talk: Conversation, karin: Person, now: datetime) -> Statement:
        decided(held_case(fatima, talk, karin, now=now), DecisionKind.WARN, karin, now=now)
        return letter_to(annemie, StatementKind.RESTRICTION)

    @pytest.fixture(autouse=True)
    def _suspended(self, warning: Statement, annemie: Person, nele: Person, now: datetime) -> None:
        people.suspend(person=annemie, by=nele, now=now + MOMENT)

    def test_reads_and_appeals_none_of_before(self, warning: Statement, annemie: Person, nele: Person, now: datetime) -> None:
        devices.revoke_all(person=annemie, by=nele, now=now + MOMENT)

        with pytest.raises(StatementNotFound):
            speaking.open_letter(warning.id, by=nele, now=now + MOMENT)
        with pytest.raises(StatementNotFound):
            appeals.appeal(statement_id=warning.id, words="Ik doe het niet meer.", by=nele, now=now + MOMENT)
        assert [letter.decision.at_once for letter in letters_to_shut_out(nele) if letter.decision] == [True]

    def test_does_not_appeal_in_the_place_of_who_can(self, annemie: Person, nele: Person, now: datetime) -> None:
        Device.objects.enrol(person=annemie, label="", in_browser=False, now=now)
        newest = letters_to(annemie, StatementKind.RESTRICTION)[-1]

        with pytest.raises(StatementNotFound):
            appeals.appeal(statement_id=newest.id, words="Ik doe het niet meer.", by=nele, now=now + MOMENT)
        assert not letters_to_shut_out(nele).exists()
