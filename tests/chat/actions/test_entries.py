"""Appending to logs. What a batch promises holds for one draft and for many."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import blocks
from accounts.models import Person
from chat import frames, reading
from chat.actions import conversations, members
from chat.actions.entries import append_draft, append_drafts, append_note
from chat.drafts import Refused, Sent
from chat.errors import ConversationNotFound
from chat.facts import EntriesAppended, Line
from chat.models import Conversation, Entry, EntryKind
from core import facts
from core.ids import new_id
from tests.chat.words import answers, edit, line, message, refusal_of, retraction, send, sent, seqs
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def shown(person: Person, conversation: Conversation) -> dict[int, frames.Entry]:
    entries, _ = reading.history(person.id, conversation.id, before=None, after=None, limit=50)
    return {entry.seq: entry for entry in entries}


class TestSendMessages:
    def test_counts_from_one_without_holes(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        first = sent(message(fatima, conversation), message(annemie, conversation), now=now)
        second = sent(message(fatima, conversation), now=now)

        assert first + second == [1, 2, 3]
        assert seqs(conversation) == [1, 2, 3]
        assert Conversation.objects.get(id=conversation.id).last_seq == 3

    def test_counts_each_conversation_by_itself(
        self, fatima: Person, conversation: Conversation, chantal: Person, group: Conversation, now: datetime
    ) -> None:
        drafts = [message(fatima, conversation), message(chantal, group), message(chantal, group), message(fatima, conversation)]

        assert sent(*drafts, now=now) == [1, 1, 2, 2]

    def test_keeps_the_words_sealed(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "Een geheim"), now=now)

        row = line(conversation, 1)
        assert b"geheim" not in bytes(row.body_sealed or b"")
        assert shown(fatima, conversation)[1].body == "Een geheim"

    def test_remembers_who_and_when(self, annemie: Person, conversation: Conversation, now: datetime) -> None:
        draft = message(annemie, conversation)

        sent(draft, now=now)

        row = line(conversation, 1)
        assert (row.kind, row.author_number, row.sender_id, row.draft_id, row.at) == ("message", 2, annemie.id, draft.draft_id, now)

    def test_refuses_one_draft_without_failing_its_neighbour(
        self, fatima: Person, annemie: Person, conversation: Conversation, elsewhere: Conversation, now: datetime
    ) -> None:
        outcomes = send(message(fatima, elsewhere), message(annemie, conversation), message(fatima, conversation, "  "), now=now)

        assert answers(outcomes) == ["conversation_not_found", 1, "body_empty"]

    def test_leaves_no_hole_where_one_was_refused(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        outcomes = send(message(fatima, conversation), message(fatima, conversation, ""), message(fatima, conversation), now=now)

        assert answers(outcomes) == [1, "body_empty", 2]
        assert seqs(conversation) == [1, 2]

    @pytest.mark.parametrize(("body", "code"), [("", "body_empty"), ("x" * 2_001, "body_too_long"), ("a\x00b", "body_invalid")])
    def test_refuses_such_a_body(self, fatima: Person, conversation: Conversation, now: datetime, body: str, code: str) -> None:
        assert refusal_of(message(fatima, conversation, body), now=now) == code

    def test_answers_alike_for_another_persons_conversation_and_for_none(
        self, fatima: Person, conversation: Conversation, elsewhere: Conversation, now: datetime
    ) -> None:
        nowhere = Conversation(id=new_id())

        assert refusal_of(message(fatima, elsewhere), now=now) == "conversation_not_found"
        assert refusal_of(message(fatima, nowhere), now=now) == "conversation_not_found"

    def test_refuses_somebody_who_left(self, chantal: Person, group: Conversation, now: datetime) -> None:
        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)

        assert refusal_of(message(chantal, group), now=now) == "conversation_not_found"

    def test_refuses_while_it_is_paused(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        conversations.pause(conversation_id=conversation.id, now=now)
        assert refusal_of(message(fatima, conversation), now=now) == "conversation_paused"

        conversations.resume(conversation_id=conversation.id)
        assert sent(message(fatima, conversation), now=now) == [1]

    def test_takes_goodbyes_until_the_grace_is_over(self, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        closes_at = conversation.made_at.replace(day=9)
        conversations.close_at(conversation_id=conversation.id, closes_at=closes_at, now=clock())

        assert sent(message(fatima, conversation, "Het ga je goed"), now=clock.move(days=6, hours=23)) == [1]
        assert refusal_of(message(fatima, conversation), now=closes_at) == "conversation_closed"

    def test_refuses_in_one_that_was_erased(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        assert conversation.data_key is not None
        conversation.data_key.delete()

        assert refusal_of(message(fatima, conversation), now=now) == "conversation_erased"

    @pytest.mark.parametrize("who", ["fatima", "annemie"])
    def test_refuses_both_of_a_pair_once_one_blocked_the_other(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime, who: str
    ) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)

        assert refusal_of(message({"fatima": fatima, "annemie": annemie}[who], conversation), now=now) == "not_reachable"

    def test_takes_them_again_once_the_block_is_lifted(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)
        blocks.lift(blocker=fatima, blocked=annemie, now=now)

        assert sent(message(annemie, conversation), now=now) == [1]

    def test_tells_the_apps_above_once_for_the_whole_batch(
        self, fatima: Person, conversation: Conversation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard: list[facts.Fact] = []
        monkeypatch.setitem(facts._handlers, EntriesAppended, [heard.append])

        sent(message(fatima, conversation), message(fatima, conversation), now=now)

        assert heard == [EntriesAppended(tuple(Line(conversation.id, seq, "message", fatima.id) for seq in (1, 2)))]

    def test_one_draft_by_itself_is_sent_or_raises(
        self, fatima: Person, conversation: Conversation, elsewhere: Conversation, now: datetime
    ) -> None:
        assert append_draft(draft=message(fatima, conversation), now=now).seq == 1
        with pytest.raises(ConversationNotFound):
            append_draft(draft=message(fatima, elsewhere), now=now)


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


class TestWhoHearsOfIt:
    def audience(self, outcome: Any) -> dict[Any, bool]:
        assert isinstance(outcome, Sent) and outcome.appended is not None
        return {recipient.person_id: recipient.conceals for recipient in outcome.appended.audience}

    def test_everybody_present(self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)

        (outcome,) = send(message(chantal, group), now=now)

        assert self.audience(outcome) == {chantal.id: False, amina.id: False}

    def test_without_the_words_for_who_blocked_the_sender(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, now: datetime
    ) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=now)

        said, heard = send(message(chantal, group), message(dirk, group), now=now)

        assert self.audience(said) == {chantal.id: False, dirk.id: True, amina.id: False}
        assert self.audience(heard) == {chantal.id: False, dirk.id: False, amina.id: False}

    def test_nobody_who_is_suspended(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        Person.objects.filter(id=dirk.id).update(suspended_at=now)

        (outcome,) = send(message(chantal, group), now=now)

        assert dirk.id not in self.audience(outcome)


class TestNotes:
    def test_take_the_next_seq_and_carry_no_words(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)
        with transaction.atomic():
            locked = Conversation.objects.locked().get(id=conversation.id)

            entry = append_note(locked, kind=EntryKind.JOIN, subject_number=3, now=now)

        assert (entry.seq, entry.kind, entry.author_number, entry.subject_number, entry.body_sealed) == (2, "join", 0, 3, None)
        assert Conversation.objects.get(id=conversation.id).last_seq == 2


class TestTheNumberOfQueries:
    """One batch costs the same however much is in it; that is what group commit is for."""

    QUERIES = 9  # savepoint, conversations, members, earlier drafts, blocks, entries, last seqs, notices, release

    def queries(self, fatima: Person, conversation: Conversation, count: int, now: datetime) -> int:
        drafts = [message(fatima, conversation, f"{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            outcomes = append_drafts(drafts=drafts, now=now)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Refused)]
        return len(captured)

    def test_is_the_same_for_one_draft_and_for_a_hundred(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        assert self.queries(fatima, conversation, 1, now) == self.QUERIES
        assert self.queries(fatima, conversation, 100, now) == self.QUERIES
