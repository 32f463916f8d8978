"""Appending to logs. What a batch promises holds for one draft and for many."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import blocks
from accounts.models import Person
from chat.actions import conversations, members
from chat.actions.entries import append_draft, append_drafts
from chat.actions.notes import append_note
from chat.drafts import Refused, Sent
from chat.errors import ConversationNotFound
from chat.facts import EntriesAppended, Line
from chat.models import Conversation, EntryKind
from core import facts
from core.ids import new_id
from tests.chat.words import answers, line, message, refusal_of, send, sent, seqs, shown
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


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
