"""Words that their author edits or takes back."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from chat.actions import members
from chat.models import Conversation, Entry
from tests.chat.words import edit, line, message, refusal_of, retraction, sent, shown
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


class TestEdits:
    def test_shows_the_newest_words_on_the_message(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "Dga"), edit(fatima, conversation, 1, "Dag"), now=now)

        log = shown(fatima, conversation)
        assert (log[1].body, log[1].edited_seq) == ("Dag", 2)
        assert (log[2].kind, log[2].target, log[2].body) == ("edit", 1, "Dag")

    def test_forgets_the_words_in_between(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "een"), edit(fatima, conversation, 1, "twee"), now=now)
        sent(edit(fatima, conversation, 1, "drie"), now=now)

        assert shown(fatima, conversation)[1].body == "drie"
        assert line(conversation, 2).body_sealed is None
        assert line(conversation, 2).draft_digest is None

    def test_forgets_them_within_one_batch_too(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        drafts = [message(fatima, conversation, "een"), *(edit(fatima, conversation, 1, body) for body in ("twee", "drie"))]

        sent(*drafts, now=now)

        assert [line(conversation, seq).body_sealed is None for seq in (1, 2, 3)] == [False, True, False]
        assert shown(fatima, conversation)[1].edited_seq == 3

    def test_are_taken_for_fifteen_minutes(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        sent(message(fatima, conversation), now=clock())

        assert sent(edit(fatima, conversation, 1), now=clock.move(minutes=15)) == [2]
        assert refusal_of(edit(fatima, conversation, 1), now=clock.move(seconds=1)) == "too_late_to_edit"

    def test_are_refused_to_everybody_else(self, annemie: Person, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)

        assert refusal_of(edit(annemie, conversation, 1), now=now) == "not_yours"

    @pytest.mark.parametrize("target", [0, 2, 99])
    def test_are_refused_where_there_is_no_message(self, fatima: Person, conversation: Conversation, now: datetime, target: int) -> None:
        sent(message(fatima, conversation), edit(fatima, conversation, 1), now=now)

        assert refusal_of(edit(fatima, conversation, target), now=now) == "entry_not_found"

    def test_are_refused_for_a_message_of_another_conversation(
        self, fatima: Person, conversation: Conversation, chantal: Person, group: Conversation, now: datetime
    ) -> None:
        sent(message(chantal, group), message(chantal, group), now=now)

        assert refusal_of(edit(fatima, conversation, 2), now=now) == "entry_not_found"

    def test_are_refused_during_a_later_stay(self, chantal: Person, group: Conversation, now: datetime) -> None:
        sent(message(chantal, group), now=now)
        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)
        members.join(conversation_id=group.id, person_id=chantal.id, role="peer", now=now)

        assert refusal_of(edit(chantal, group, 1), now=now) == "entry_not_found"

    def test_need_words_that_can_be_seen(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "Dag"), now=now)

        assert refusal_of(edit(fatima, conversation, 1, " "), now=now) == "body_empty"
        assert shown(fatima, conversation)[1].body == "Dag"


class TestRetractions:
    def test_leave_no_words_behind(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "een"), edit(fatima, conversation, 1, "twee"), edit(fatima, conversation, 1, "drie"), now=now)

        assert sent(retraction(fatima, conversation, 1), now=now) == [4]

        assert [line(conversation, seq).body_sealed for seq in (1, 2, 3, 4)] == [None] * 4
        assert [line(conversation, seq).draft_digest for seq in (1, 2, 3)] == [None] * 3
        assert shown(fatima, conversation)[1].retracted_seq == 4

    def test_leave_no_words_behind_within_one_batch(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        drafts = [message(fatima, conversation, "een"), edit(fatima, conversation, 1, "twee"), retraction(fatima, conversation, 1)]

        assert sent(*drafts, now=now) == [1, 2, 3]

        assert [line(conversation, seq).body_sealed for seq in (1, 2, 3)] == [None] * 3

    def test_are_taken_whenever(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        sent(message(fatima, conversation), now=clock())

        assert sent(retraction(fatima, conversation, 1), now=clock.move(days=400)) == [2]

    def test_are_taken_once(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), retraction(fatima, conversation, 1), now=now)

        assert refusal_of(retraction(fatima, conversation, 1), now=now) == "already_retracted"
        assert refusal_of(edit(fatima, conversation, 1), now=now) == "already_retracted"

    def test_are_refused_to_everybody_else(self, annemie: Person, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)

        assert refusal_of(retraction(annemie, conversation, 1), now=now) == "not_yours"

    def test_the_database_itself_keeps_no_body_of_what_was_taken_back(
        self, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        sent(message(fatima, conversation), now=now)

        with pytest.raises(IntegrityError, match="a_retracted_body_is_gone"), transaction.atomic():
            Entry.objects.filter(conversation=conversation, seq=1).update(retracted_seq=2)
