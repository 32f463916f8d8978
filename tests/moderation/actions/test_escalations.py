"""A member asks for the professional behind their circle."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.errors import ConversationNotFound
from chat.models import Conversation
from core.errors import Forbidden
from moderation.actions import escalations
from moderation.errors import (
    AlreadyAcknowledged,
    EscalationNotFound,
    EscalationReused,
    NotFromHere,
    StaleVersion,
    TooManyEscalations,
    WordsNeeded,
)
from moderation.models import Escalation, Reading, Statement
from moderation.words import Urgency
from notifications.models import Notice
from tests.conftest import Clock
from tests.factories import make_organisation, make_person
from tests.moderation.duty import make_absence

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]
WORDS = "Ze neemt al drie dagen niet op."


def escalate(
    by: Person,
    conversation: Conversation,
    clock: Clock,
    *,
    urgency: Urgency = Urgency.TODAY,
    words: str = WORDS,
    escalation_id: UUID | None = None,
) -> Escalation:
    return escalations.escalate(
        by_id=by.id, conversation_id=conversation.id, escalation_id=escalation_id or uuid4(), urgency=urgency, words=words, now=clock()
    )


def acts(escalation: Escalation) -> list[str]:
    return list(AuditRow.objects.filter(subject=f"escalation:{escalation.id}").values_list("action", flat=True))


class TestEscalating:
    def test_goes_to_the_circles_own_coordinator(self, annemie: Person, nele: Person, conversation: Conversation, clock: Clock) -> None:
        escalation = escalate(annemie, conversation, clock)

        assert (escalation.assigned_to, escalation.step, escalation.words) == (nele, 0, WORDS)

    def test_is_for_both_sides(self, fatima: Person, nele: Person, conversation: Conversation, clock: Clock) -> None:
        assert escalate(fatima, conversation, clock).assigned_to == nele

    def test_goes_to_the_stand_in_of_who_is_away(self, annemie: Person, nele: Person, conversation: Conversation, clock: Clock) -> None:
        lien = make_person(role=Role.LEAD, now=clock())
        make_absence(nele, on=clock(), stand_in=lien)

        assert escalate(annemie, conversation, clock).assigned_to == lien

    def test_goes_to_the_deputy_where_nobody_stands_in(
        self, annemie: Person, nele: Person, bram: Person, conversation: Conversation, clock: Clock
    ) -> None:
        make_absence(nele, on=clock())

        escalation = escalate(annemie, conversation, clock)

        assert (escalation.assigned_to, escalation.step) == (bram, 1)

    def test_is_kept_even_where_nobody_is_there(
        self, annemie: Person, nele: Person, bram: Person, conversation: Conversation, clock: Clock
    ) -> None:
        make_absence(nele, on=clock())
        make_absence(bram, on=clock())

        assert escalate(annemie, conversation, clock).assigned_to is None

    def test_the_same_again_is_the_same(self, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        escalation_id = uuid4()
        first = escalate(annemie, conversation, clock, escalation_id=escalation_id)
        clock.move(minutes=1)

        assert escalate(annemie, conversation, clock, escalation_id=escalation_id) == first
        assert acts(first) == ["escalation.made"]

    def test_another_with_the_same_id_is_refused(self, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        escalation_id = uuid4()
        escalate(annemie, conversation, clock, escalation_id=escalation_id)

        with pytest.raises(EscalationReused):
            escalate(annemie, conversation, clock, escalation_id=escalation_id, words="Iets anders.")

    def test_a_stranger_finds_no_such_conversation(self, conversation: Conversation, clock: Clock) -> None:
        with pytest.raises(ConversationNotFound):
            escalate(make_person(now=clock()), conversation, clock)

    def test_nobody_asks_without_end(self, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        for _ in range(escalations.MOST_AN_HOUR):
            escalate(annemie, conversation, clock)
        clock.move(minutes=50)

        with pytest.raises(TooManyEscalations) as refused:
            escalate(annemie, conversation, clock)
        assert refused.value.facts == {"retry_after": 600}  # until the first of them is an hour old
        clock.move(hours=1, seconds=1)
        assert escalate(annemie, conversation, clock).words == WORDS

    def test_words_lie_sealed(self, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        escalation = escalate(annemie, conversation, clock)

        assert WORDS.encode() not in bytes(Escalation.objects.get(id=escalation.id).words_sealed or b"")

    def test_calls_who_has_it(self, annemie: Person, nele: Person, conversation: Conversation, clock: Clock) -> None:
        escalate(annemie, conversation, clock)

        assert [notice.detail for notice in Notice.objects.filter(person=nele, kind="duty")] == ["now:escalation"]


class TestAnswering:
    @pytest.fixture
    def escalation(self, annemie: Person, conversation: Conversation, clock: Clock) -> Escalation:
        return escalate(annemie, conversation, clock)

    def test_is_said_once(self, escalation: Escalation, nele: Person, bram: Person, clock: Clock) -> None:
        answered = escalations.acknowledge(escalation.id, by=nele, version=1, now=clock.move(minutes=5))

        assert (answered.acknowledged_by, answered.acknowledged_at, answered.version) == (nele, clock(), 2)
        with pytest.raises(AlreadyAcknowledged):
            escalations.acknowledge(escalation.id, by=bram, version=2, now=clock())

    def test_is_refused_to_who_looked_at_an_older_version(self, escalation: Escalation, nele: Person, bram: Person, clock: Clock) -> None:
        escalations.acknowledge(escalation.id, by=nele, version=1, now=clock())

        with pytest.raises(StaleVersion) as refused:
            escalations.close(escalation.id, note="Gebeld.", by=bram, version=1, now=clock())
        assert refused.value.facts == {"version": 2}

    def test_a_coordinator_of_another_circle_finds_nothing(self, escalation: Escalation, clock: Clock) -> None:
        with pytest.raises(EscalationNotFound):
            escalations.acknowledge(escalation.id, by=make_person(role=Role.COORDINATOR), version=1, now=clock())

    def test_a_lead_of_another_organisation_finds_nothing(self, escalation: Escalation, clock: Clock) -> None:
        lead = make_person(role=Role.LEAD, organisation=make_organisation(name="Anderen"))

        with pytest.raises(EscalationNotFound):
            escalations.acknowledge(escalation.id, by=lead, version=1, now=clock())

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_is_no_work_of_other_roles(self, escalation: Escalation, role: Role, clock: Clock) -> None:
        with pytest.raises(Forbidden):
            escalations.acknowledge(escalation.id, by=make_person(role=role), version=1, now=clock())

    def test_closing_takes_a_note_and_an_acknowledgement(self, escalation: Escalation, nele: Person, clock: Clock) -> None:
        with pytest.raises(NotFromHere):
            escalations.close(escalation.id, note="Gebeld.", by=nele, version=1, now=clock())
        escalations.acknowledge(escalation.id, by=nele, version=1, now=clock())
        with pytest.raises(WordsNeeded):
            escalations.close(escalation.id, note="  ", by=nele, version=2, now=clock())

    def test_the_note_stays_inside_and_the_answer_goes_to_who_asked(
        self, escalation: Escalation, annemie: Person, nele: Person, clock: Clock
    ) -> None:
        escalations.acknowledge(escalation.id, by=nele, version=1, now=clock())

        closed = escalations.close(escalation.id, note="Gebeld met CAW.", answer="Ik heb haar gesproken.", by=nele, version=2, now=clock())

        [letter] = Statement.objects.filter(person=annemie)
        assert (closed.closing_note, letter.words, letter.kind) == ("Gebeld met CAW.", "Ik heb haar gesproken.", "escalation")
        assert acts(escalation) == ["escalation.made", "escalation.acknowledged", "escalation.closed"]

    def test_reading_it_leaves_a_row_before(self, escalation: Escalation, annemie: Person, nele: Person, clock: Clock) -> None:
        opened = escalations.open_escalation(escalation.id, by=nele, now=clock())

        [reading] = Reading.objects.filter(person=annemie, by=nele)
        assert opened.words == WORDS
        assert AuditRow.objects.get(n=reading.audit_n).action == "escalation.read"


class TestWhatTheMemberIsTold:
    def test_today_is_within_two_hours_of_an_office_day(self, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        assert escalate(annemie, conversation, clock).due_at == clock() + timedelta(hours=2)

    def test_at_night_it_is_the_morning(self, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        clock.move(hours=12)

        assert escalate(annemie, conversation, clock).due_at == clock.move(hours=10.5) + timedelta(hours=2)
