"""Pages of a log: the window of one stay, in order, within one frame."""

from datetime import datetime

import pytest

from accounts.actions import blocks
from accounts.models import Person
from chat import codec, frames, reading
from chat.actions import members
from chat.errors import BadRange, ConversationNotFound
from chat.models import Conversation
from tests.chat.words import edit, message, retraction, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def page(
    person: Person, conversation: Conversation, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> tuple[list[int], bool]:
    entries, more = reading.history(person.id, conversation.id, before=before, after=after, limit=limit)
    return [entry.seq for entry in entries], more


def entry(person: Person, conversation: Conversation, seq: int) -> frames.Entry:
    entries, _ = reading.history(person.id, conversation.id, before=None, after=seq - 1, limit=1)
    return entries[0]


class TestPaging:
    @pytest.fixture(autouse=True)
    def ten_lines(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(*(message(fatima, conversation) for _ in range(10)), now=now)

    def test_gives_the_newest_when_nothing_is_asked(self, fatima: Person, conversation: Conversation) -> None:
        assert page(fatima, conversation, limit=3) == ([8, 9, 10], True)

    def test_goes_back(self, fatima: Person, conversation: Conversation) -> None:
        assert page(fatima, conversation, before=8, limit=3) == ([5, 6, 7], True)
        assert page(fatima, conversation, before=5, limit=4) == ([1, 2, 3, 4], False)
        assert page(fatima, conversation, before=1) == ([], False)

    def test_goes_forward(self, fatima: Person, conversation: Conversation) -> None:
        assert page(fatima, conversation, after=0, limit=4) == ([1, 2, 3, 4], True)
        assert page(fatima, conversation, after=4, limit=6) == ([5, 6, 7, 8, 9, 10], False)
        assert page(fatima, conversation, after=10) == ([], False)

    def test_does_not_go_both_ways_at_once(self, fatima: Person, conversation: Conversation) -> None:
        with pytest.raises(BadRange):
            page(fatima, conversation, before=5, after=1)

    def test_of_what_lies_far_beyond_is_empty(self, fatima: Person, conversation: Conversation) -> None:
        assert page(fatima, conversation, after=2**53 - 1) == ([], False)
        assert page(fatima, conversation, before=2**53 - 1, limit=2) == ([9, 10], True)


class TestWhoSeesWhat:
    def test_somebody_else_sees_nothing(self, chantal: Person, conversation: Conversation) -> None:
        with pytest.raises(ConversationNotFound):
            page(chantal, conversation)

    def test_somebody_who_joins_sees_from_the_line_that_says_so(
        self, chantal: Person, fatima: Person, group: Conversation, now: datetime
    ) -> None:
        sent(message(chantal, group), message(chantal, group), now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)
        sent(message(chantal, group), now=now)

        assert page(fatima, group) == ([3, 4], False)
        assert page(fatima, group, before=3) == ([], False)
        assert page(fatima, group, after=0) == ([3, 4], False)

    def test_somebody_who_left_sees_up_to_the_line_that_says_so(
        self, chantal: Person, dirk: Person, group: Conversation, now: datetime
    ) -> None:
        sent(message(chantal, group), now=now)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        sent(message(chantal, group, "Hij is weg"), now=now)

        assert page(dirk, group) == ([1, 2], False)
        assert page(dirk, group, after=2) == ([], False)
        assert page(chantal, group) == ([1, 2, 3], False)

    def test_somebody_who_came_back_sees_from_then_on(self, chantal: Person, dirk: Person, group: Conversation, now: datetime) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        sent(message(chantal, group), now=now)
        members.join(conversation_id=group.id, person_id=dirk.id, role="peer", now=now)

        assert page(dirk, group) == ([3], False)


class TestWhatALineShows:
    def test_its_author_alone_sees_the_draft_it_came_from(
        self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime
    ) -> None:
        draft = message(fatima, conversation)
        sent(draft, now=now)

        assert entry(fatima, conversation, 1).draft_id == draft.draft_id
        assert entry(annemie, conversation, 1).draft_id is not draft.draft_id

    def test_what_was_taken_back_shows_no_words(self, fatima: Person, annemie: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "een"), edit(fatima, conversation, 1, "twee"), retraction(fatima, conversation, 1), now=now)

        for person in (fatima, annemie):
            shown = [entry(person, conversation, seq) for seq in (1, 2, 3)]
            assert not any(isinstance(line.body, str) for line in shown)
            assert shown[0].retracted_seq == 3

    def test_words_whose_key_is_gone_are_absent_not_an_error(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)
        assert conversation.data_key is not None
        conversation.data_key.delete()

        assert not isinstance(entry(fatima, conversation, 1).body, str)

    def test_words_that_were_tampered_with_are_absent_not_an_error(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation, "een"), message(fatima, conversation, "twee"), now=now)
        first, _second = conversation.entries.order_by("seq")
        conversation.entries.filter(seq=2).update(body_sealed=first.body_sealed)

        assert entry(fatima, conversation, 1).body == "een"
        assert not isinstance(entry(fatima, conversation, 2).body, str)


class TestWhatABlockConceals:
    """In a group; in a pair nothing can be sent."""

    def test_what_the_blocked_person_says_afterwards(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, clock: Clock
    ) -> None:
        sent(message(chantal, group, "ervoor"), now=clock())
        blocks.add(blocker=dirk, blocked=chantal, now=clock.move(seconds=1))
        sent(message(chantal, group, "erna"), now=clock.move(seconds=1))

        assert [(e.body, e.concealed) for e in (entry(amina, group, 1), entry(amina, group, 2))] == [("ervoor", False), ("erna", False)]
        assert (entry(dirk, group, 1).body, entry(dirk, group, 1).concealed) == ("ervoor", False)
        assert not isinstance(entry(dirk, group, 2).body, str)
        assert entry(dirk, group, 2).concealed

    def test_what_they_change_afterwards_in_what_they_said_before(
        self, chantal: Person, dirk: Person, amina: Person, group: Conversation, clock: Clock
    ) -> None:
        sent(message(chantal, group, "ervoor"), now=clock())
        blocks.add(blocker=dirk, blocked=chantal, now=clock.move(seconds=1))
        sent(edit(chantal, group, 1, "erna"), now=clock.move(seconds=1))

        shown = [entry(dirk, group, seq) for seq in (1, 2)]
        assert "erna" not in [line.body for line in shown]
        assert entry(amina, group, 1).body == "erna"

    @pytest.mark.parametrize("step", [-3_600, 3_600])
    def test_whatever_the_clocks_say(self, chantal: Person, dirk: Person, group: Conversation, clock: Clock, step: int) -> None:
        sent(message(chantal, group, "ervoor"), now=clock())
        blocks.add(blocker=dirk, blocked=chantal, now=clock.move(seconds=-step))
        sent(message(chantal, group, "erna"), now=clock.move(seconds=2 * step))

        assert entry(dirk, group, 1).body == "ervoor"
        assert not isinstance(entry(dirk, group, 2).body, str)

    def test_nothing_the_other_way_round(self, chantal: Person, dirk: Person, group: Conversation, clock: Clock) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=clock())
        sent(message(dirk, group, "Ik hoor je niet"), now=clock.move(seconds=1))

        assert entry(chantal, group, 1).body == "Ik hoor je niet"

    def test_nothing_once_it_is_lifted(self, chantal: Person, dirk: Person, group: Conversation, clock: Clock) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=clock())
        sent(message(chantal, group, "Dag"), now=clock.move(seconds=1))
        blocks.lift(blocker=dirk, blocked=chantal, now=clock())

        assert entry(dirk, group, 1).body == "Dag"


class TestWhatFitsAFrame:
    @pytest.mark.parametrize(
        "body", ["😀" * 2_000, '"' * 2_000, "\\" * 2_000, "a\n" * 1_000, "\t\r" * 999 + "a", "ş" * 2_000, "<é&\u2028>" * 400]
    )
    def test_a_page_never_exceeds_it(self, fatima: Person, conversation: Conversation, now: datetime, body: str) -> None:
        sent(*(message(fatima, conversation, body) for _ in range(12)), now=now)
        seen: list[int] = []

        more = True
        while more:
            entries, more = reading.history(fatima.id, conversation.id, before=None, after=seen[-1] if seen else 0, limit=50)
            size = len(codec.encode(frames.Page(2**31 - 1, conversation.id, entries, more)))
            assert entries and size <= frames.MAX_FRAME
            seen += [line.seq for line in entries]

        assert seen == list(range(1, 13))

    def test_a_page_going_back_loses_nothing_where_it_was_cut(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(*(message(fatima, conversation, "😀" * 2_000) for _ in range(6)), now=now)

        newest, more = page(fatima, conversation)
        older, _ = page(fatima, conversation, before=newest[0])

        assert more
        assert older[-1] + 1 == newest[0]
        assert newest[-1] == 6

    def test_fifty_short_ones_do(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(*(message(fatima, conversation, "Dag!") for _ in range(60)), now=now)

        entries, more = reading.history(fatima.id, conversation.id, before=None, after=None, limit=50)

        assert (len(entries), more) == (50, True)
        assert len(codec.encode(frames.Page(2**31 - 1, conversation.id, entries, more))) <= frames.MAX_FRAME
