from datetime import timedelta
from uuid import UUID

import pytest

from phone.kept import CannotSay, Kept, sendable
from phone.wire import MOST_CURSORS
from tests.phone.entries import ANNEMIE, EPOCH, HERE, NINE, at, card, fatimas_phone, message


def talking(*bodies: str) -> Kept:
    """Fatima's phone after she said these things."""
    kept = fatimas_phone(epoch=EPOCH)
    here = kept.conversation(HERE)
    here.take_card(card())
    here.take_entries(message(seq, body, author=1, draft_id=UUID(int=seq)) for seq, body in enumerate(bodies, start=1))
    return kept


class TestWrite:
    def test_keeps_the_words_until_they_are_answered(self) -> None:
        kept = fatimas_phone()

        draft = kept.write(HERE, "  dag!\n", now=NINE)

        assert draft.body == "dag!"
        assert kept.outbox.drafts == [draft]

    @pytest.mark.parametrize("body", ["", "  \n", "\x07", "\ud800"])
    def test_refuses_a_message_without_words(self, body: str) -> None:
        with pytest.raises(CannotSay) as refused:
            fatimas_phone().write(HERE, body, now=NINE)

        assert refused.value.code == "body_empty"

    def test_refuses_more_than_fits(self) -> None:
        assert len(sendable("😀" * 2_000)) == 2_000
        with pytest.raises(CannotSay):
            sendable("😀" * 2_001)

    def test_leaves_out_what_cannot_travel(self) -> None:
        assert sendable("da\x00g\x1b[31m\ttab\nregel\udc80") == "dag[31m\ttab\nregel"


class TestOutbox:
    def test_gives_one_draft_of_each_conversation_in_the_order_they_were_written(self) -> None:
        kept, there = fatimas_phone(), UUID(int=9)
        first, _, elsewhere = kept.write(HERE, "een", now=NINE), kept.write(HERE, "twee", now=NINE), kept.write(there, "drie", now=NINE)

        assert kept.outbox.next_of_each() == [first, elsewhere]

    def test_a_refused_draft_does_not_hold_up_the_next(self) -> None:
        kept = fatimas_phone()
        first, second = kept.write(HERE, "een", now=NINE), kept.write(HERE, "twee", now=NINE)

        first.refused = "conversation_paused"

        assert kept.outbox.next_of_each() == [second]

    def test_learns_from_the_log_where_a_draft_is_whose_answer_was_lost(self) -> None:
        kept = talking()
        draft = kept.write(HERE, "dag", now=NINE)

        kept.conversation(HERE).take_entries([message(1, "dag", author=1, draft_id=draft.draft_id)])
        kept.settle(kept.conversation(HERE))

        assert (draft.seq, draft.sent_at) == (1, at(1))
        assert kept.outbox.drafts == []


class TestAgain:
    def test_tries_a_refused_draft_under_its_own_id(self) -> None:
        kept = fatimas_phone()
        draft = kept.write(HERE, "dag", now=NINE)
        draft.refused, id_ = "conversation_paused", draft.draft_id

        kept.again(draft)

        assert draft.waits
        assert draft.draft_id == id_

    def test_takes_another_id_when_its_own_was_used_for_something_else(self) -> None:
        kept = fatimas_phone()
        draft = kept.write(HERE, "dag", now=NINE)
        draft.refused, id_ = "draft_reused", draft.draft_id

        kept.again(draft)

        assert draft.draft_id != id_


class TestResume:
    def test_gives_a_cursor_for_every_log_it_knows(self) -> None:
        kept = talking("een", "twee")

        command = kept.resume(1)

        assert (command.epoch, command.cursors) == (EPOCH, {HERE: 2})

    def test_starts_the_oldest_logs_afresh_when_there_are_more_than_fit(self) -> None:
        kept = fatimas_phone(epoch=EPOCH)
        for number in range(1, MOST_CURSORS + 6):
            kept.conversation(UUID(int=number)).take_entries([message(number)])

        command = kept.resume(1)

        assert len(command.cursors) == MOST_CURSORS
        assert UUID(int=1) not in command.cursors
        assert kept.conversation(UUID(int=1)).log.cursor is None


class TestStartAfresh:
    def test_forgets_the_log_and_keeps_what_was_not_sent(self) -> None:
        kept = talking()
        draft = kept.write(HERE, "dag", now=NINE)

        kept.start_afresh(now=NINE)

        assert kept.conversations == {}
        assert kept.outbox.drafts == [draft]

    def test_says_again_what_it_said_within_a_day_under_the_same_ids(self) -> None:
        kept = talking("een", "twee")

        kept.start_afresh(now=at(1) + timedelta(days=1))

        assert [(draft.draft_id, draft.body) for draft in kept.outbox.drafts] == [(UUID(int=1), "een"), (UUID(int=2), "twee")]

    def test_does_not_say_older_things_again(self) -> None:
        kept = talking("een", "twee")

        kept.start_afresh(now=at(2) + timedelta(days=1, seconds=1))

        assert kept.outbox.drafts == []

    def test_does_not_change_a_message_that_may_now_be_another_one(self) -> None:
        kept = talking("een")
        draft = kept.edit(HERE, 1, "een!", now=NINE)

        kept.start_afresh(now=at(1) + timedelta(days=2))

        assert draft.refused == "entry_not_found"


class TestBelongTo:
    def test_forgets_everything_that_was_somebody_elses(self) -> None:
        kept = talking("een")
        kept.write(HERE, "twee", now=NINE)

        kept.belong_to(ANNEMIE)

        assert (kept.conversations, kept.outbox.drafts, kept.epoch) == ({}, [], None)


class TestLastOwn:
    def test_is_the_newest_that_was_not_taken_back(self) -> None:
        kept = talking("een", "twee")
        kept.conversation(HERE).take_entries([message(3, None, author=1, retracted_seq=4)])

        found = kept.last_own(HERE)

        assert found is not None
        assert found.body == "twee"
