"""Marks only ever rise, and never beyond what the person may see."""

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from chat.actions import members
from chat.actions.marks import Marked, Progress, raise_marks
from chat.delivery import marks_for
from chat.models import Conversation, ConversationMember
from tests.chat.words import message, sent

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


@pytest.fixture
def five_lines(fatima: Person, conversation: Conversation, now: datetime) -> None:
    sent(*(message(fatima, conversation) for _ in range(5)), now=now)


def mark(person: Person, conversation: Conversation, *, delivered: int = 0, read: int = 0, now: datetime) -> Marked:
    return raise_marks(steps=[Progress(person.id, conversation.id, delivered=delivered, read=read)])[0]


def marks_of(person: Person, conversation: Conversation) -> tuple[int, int]:
    stay = ConversationMember.objects.present().of(person.id).get(conversation=conversation)
    return stay.delivered_seq, stay.read_seq


@pytest.mark.usefixtures("five_lines")
class TestRaiseMarks:
    def test_raises_them(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        mark(annemie, conversation, delivered=4, read=2, now=now)

        assert marks_of(annemie, conversation) == (4, 2)

    def test_never_lowers_them(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        mark(annemie, conversation, delivered=4, read=3, now=now)

        assert mark(annemie, conversation, delivered=1, read=1, now=now).risen == ()
        assert marks_of(annemie, conversation) == (4, 3)

    def test_takes_what_lies_beyond_the_end_as_the_end(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        mark(annemie, conversation, delivered=2**53 - 1, read=2**53 - 1, now=now)

        assert marks_of(annemie, conversation) == (5, 5)

    def test_knows_that_what_was_read_was_delivered(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        mark(annemie, conversation, read=3, now=now)

        assert marks_of(annemie, conversation) == (3, 3)

    def test_takes_the_highest_of_many_steps(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        steps = [Progress(annemie.id, conversation.id, delivered=seq) for seq in (2, 5, 3)]

        outcomes = raise_marks(steps=steps)

        assert marks_of(annemie, conversation) == (5, 0)
        assert [outcome.problem for outcome in outcomes] == [None] * 3
        assert [len(outcome.risen) for outcome in outcomes] == [1, 0, 0]

    def test_raises_those_of_many_people_in_the_same_queries(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        with CaptureQueriesContext(connection) as one:
            mark(fatima, conversation, delivered=1, now=now)
        with CaptureQueriesContext(connection) as two:
            raise_marks(steps=[Progress(p.id, conversation.id, delivered=2) for p in (fatima, annemie)])

        assert len(one) == len(two) == 5

    def test_refuses_who_is_not_in_it_without_failing_the_others(
        self, chantal: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        steps = [Progress(chantal.id, conversation.id, delivered=1), Progress(annemie.id, conversation.id, delivered=1)]

        refused, marked = raise_marks(steps=steps)

        assert refused.problem is not None and refused.problem.code == "conversation_not_found"
        assert marked.problem is None
        assert marks_of(annemie, conversation) == (1, 0)

    def test_the_database_itself_holds_that_what_is_read_was_delivered(
        self, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        with pytest.raises(IntegrityError, match="what_is_read_was_delivered"), transaction.atomic():
            ConversationMember.objects.of(annemie.id).update(read_seq=3)


@pytest.mark.usefixtures("five_lines")
class TestWhoHearsOfMarks:
    def test_everybody_present(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        (risen,) = mark(annemie, conversation, delivered=3, now=now).risen

        assert {recipient.person_id for recipient in risen.audience} == {fatima.id, annemie.id}
        assert [(m.number, m.delivered_seq) for m in risen.marks] == [(2, 3)]

    def test_a_kept_read_mark_is_hidden_from_others(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        """Fatima is a participant: her read marks are hers until she says otherwise."""
        (risen,) = mark(fatima, conversation, read=3, now=now).risen

        (for_annemie,) = marks_for(risen, annemie.id)
        (for_herself,) = marks_for(risen, fatima.id)

        assert for_annemie.delivered_seq == 3
        assert not isinstance(for_annemie.read_seq, int)
        assert for_herself.read_seq == 3

    def test_a_shown_read_mark_is_not(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        (risen,) = mark(annemie, conversation, read=3, now=now).risen

        assert [m.read_seq for m in marks_for(risen, fatima.id)] == [3]


class TestAfterLeaving:
    def test_marks_stay_where_they_were(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        sent(message(dirk, group), message(dirk, group), now=now)
        mark(chantal, group, delivered=1, now=now)
        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)

        outcome = mark(chantal, group, delivered=2, now=now)

        assert outcome.problem is not None
        assert ConversationMember.objects.of(chantal.id).get().delivered_seq == 1
