"""The same draft again: the entry it made then, and never a second one."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from chat.actions import conversations, members
from chat.drafts import Sent
from chat.models import Conversation, Entry
from core.ids import new_id
from tests.chat.words import answers, edit, message, refusal_of, retraction, send, sent, seqs, shown
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


class TestRetries:
    def test_sends_a_draft_once_however_often_the_device_retries(
        self, fatima: Person, conversation: Conversation, now: datetime, clock: Clock
    ) -> None:
        draft = message(fatima, conversation)

        first, *retries = [send(draft, now=clock.move(seconds=1))[0] for _ in range(4)]

        assert isinstance(first, Sent)
        assert [(retry.seq, retry.at) for retry in retries if isinstance(retry, Sent)] == [(first.seq, first.at)] * 3
        assert seqs(conversation) == [1]

    def test_sends_it_once_when_the_retry_is_in_the_same_batch(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(fatima, conversation)

        outcomes = send(draft, message(fatima, conversation), draft, now=now)

        assert answers(outcomes) == [1, 2, 1]
        assert seqs(conversation) == [1, 2]

    def test_only_the_first_of_them_goes_to_the_others(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(fatima, conversation)

        outcomes = send(draft, draft, now=now) + send(draft, now=now)

        assert [isinstance(outcome, Sent) and outcome.appended is not None for outcome in outcomes] == [True, False, False]

    def test_answers_the_same_after_the_conversation_closed(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(fatima, conversation)
        sent(draft, now=now)
        conversations.close_at(conversation_id=conversation.id, closes_at=now, now=now)

        assert answers(send(draft, now=now)) == [1]

    def test_answers_the_same_after_the_sender_left(self, chantal: Person, group: Conversation, now: datetime) -> None:
        draft = message(chantal, group)
        sent(draft, now=now)
        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)

        assert answers(send(draft, now=now)) == [1]

    def test_answers_the_same_after_it_was_edited(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(fatima, conversation, "Dag")
        sent(draft, edit(fatima, conversation, 1), now=now)

        assert answers(send(draft, now=now)) == [1]

    def test_answers_the_same_after_it_was_taken_back(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        said, changed = message(fatima, conversation, "Dag"), edit(fatima, conversation, 1)
        sent(said, changed, retraction(fatima, conversation, 1), now=now)

        assert answers(send(said, changed, now=now)) == [1, 2]

    def test_answers_the_same_for_edits_and_retractions(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)
        changed, gone = edit(fatima, conversation, 1), retraction(fatima, conversation, 1)

        assert answers(send(changed, gone, changed, gone, now=now)) == [2, 3, 2, 3]
        assert answers(send(gone, changed, now=now)) == [3, 2]

    def test_one_draft_id_of_two_people_is_two_drafts(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        same = new_id()

        outcomes = send(message(fatima, conversation, draft_id=same), message(annemie, conversation, draft_id=same), now=now)

        assert answers(outcomes) == [1, 2]

    def test_a_refused_draft_may_be_sent_again(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(fatima, conversation)
        conversations.pause(conversation_id=conversation.id, now=now)
        assert refusal_of(draft, now=now) == "conversation_paused"
        conversations.resume(conversation_id=conversation.id)

        assert sent(draft, now=now) == [1]


class TestReusedDrafts:
    @pytest.fixture
    def used(self, fatima: Person, conversation: Conversation, now: datetime) -> Any:
        draft = message(fatima, conversation, "Dag")
        sent(draft, now=now)
        return draft.draft_id

    def test_another_body_is_refused(self, fatima: Person, conversation: Conversation, used: Any, now: datetime) -> None:
        assert refusal_of(message(fatima, conversation, "Dag!", draft_id=used), now=now) == "draft_reused"

    def test_another_body_is_refused_within_one_batch(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        same = new_id()

        outcomes = send(message(fatima, conversation, "a", draft_id=same), message(fatima, conversation, "b", draft_id=same), now=now)

        assert answers(outcomes) == [1, "draft_reused"]

    def test_another_conversation_is_refused(self, fatima: Person, elsewhere: Conversation, used: Any, now: datetime) -> None:
        assert refusal_of(message(fatima, elsewhere, "Dag", draft_id=used), now=now) == "draft_reused"

    def test_no_conversation_is_refused_alike(self, fatima: Person, used: Any, now: datetime) -> None:
        assert refusal_of(message(fatima, Conversation(id=new_id()), "Dag", draft_id=used), now=now) == "draft_reused"

    def test_another_kind_is_refused(self, fatima: Person, conversation: Conversation, used: Any, now: datetime) -> None:
        assert refusal_of(edit(fatima, conversation, 1, "Dag", draft_id=used), now=now) == "draft_reused"
        assert refusal_of(retraction(fatima, conversation, 1, draft_id=used), now=now) == "draft_reused"

    def test_another_target_is_refused(self, fatima: Person, conversation: Conversation, used: Any, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)
        changed = edit(fatima, conversation, 1)
        sent(changed, now=now)

        assert refusal_of(edit(fatima, conversation, 2, draft_id=changed.draft_id), now=now) == "draft_reused"

    def test_the_log_is_not_touched(self, fatima: Person, conversation: Conversation, used: Any, now: datetime) -> None:
        refusal_of(message(fatima, conversation, "iets anders", draft_id=used), now=now)

        assert seqs(conversation) == [1]
        assert shown(fatima, conversation)[1].body == "Dag"

    def test_the_database_itself_keeps_one_entry_per_draft(
        self, fatima: Person, conversation: Conversation, used: Any, now: datetime
    ) -> None:
        with pytest.raises(IntegrityError, match=r"one_entry_per_draft|sender_id"), transaction.atomic():
            Entry.objects.create(conversation=conversation, seq=2, kind="message", sender=fatima, draft_id=used, at=now)

    def test_the_database_itself_keeps_one_entry_per_seq(self, conversation: Conversation, used: Any, now: datetime) -> None:
        with pytest.raises(IntegrityError, match=r"one_entry_per_seq|seq"), transaction.atomic():
            Entry.objects.create(conversation=conversation, seq=1, kind="message", at=now)
