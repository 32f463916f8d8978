"""Where a device that comes back has to start."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat import frames, reading
from chat.actions import conversations, members
from chat.models import Conversation
from core import boots
from core.models import Log
from tests.chat.words import message, sent

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


@pytest.fixture
def thirty_lines(fatima: Person, conversation: Conversation, now: datetime) -> None:
    sent(*(message(fatima, conversation) for _ in range(30)), now=now)


def start(person: Person, conversation: Conversation, log: Log, cursor: int | None, *, now: datetime, cards: bool = False) -> reading.Start:
    cursors = {} if cursor is None else {conversation.id: cursor}
    return reading.start(person.id, frames.Resume(ref=1, epoch=log.epoch, cursors=cursors, cards=cards), now=now)


@pytest.mark.usefixtures("thirty_lines")
class TestStart:
    def test_goes_on_after_the_cursor(self, fatima: Person, conversation: Conversation, log: Log, now: datetime) -> None:
        begun = start(fatima, conversation, log, 12, now=now)

        assert (begun.resync, begun.follows[0].given, begun.follows[0].head) == (False, 12, 30)

    def test_begins_with_the_newest_twenty_of_what_a_device_never_saw(
        self, fatima: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        assert start(fatima, conversation, log, None, now=now).follows[0].given == 10

    def test_begins_at_the_beginning_with_cursor_zero(self, fatima: Person, conversation: Conversation, log: Log, now: datetime) -> None:
        assert start(fatima, conversation, log, 0, now=now).follows[0].given == 0

    def test_has_nothing_more_to_give_at_the_end(self, fatima: Person, conversation: Conversation, log: Log, now: datetime) -> None:
        begun = start(fatima, conversation, log, 30, now=now)

        assert (begun.resync, begun.follows[0].given, begun.follows[0].head) == (False, 30, 30)

    def test_is_afresh_when_the_cursor_lies_beyond_the_log(
        self, fatima: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        begun = start(fatima, conversation, log, 31, now=now)

        assert (begun.resync, begun.follows[0].given) == (True, 10)

    def test_is_afresh_when_the_cursors_are_of_another_epoch(
        self, fatima: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        boots.begin_epoch()

        begun = start(fatima, conversation, log, 12, now=now)

        assert (begun.resync, begun.follows[0].given) == (True, 10)
        assert begun.epoch == Log.objects.get().epoch != log.epoch
        assert [card.id for card in begun.cards] == [conversation.id]

    def test_is_afresh_when_the_device_says_no_epoch_with_its_cursors(
        self, fatima: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        command = frames.Resume(ref=1, cursors={conversation.id: 12})

        assert reading.start(fatima.id, command, now=now).resync

    def test_of_a_new_device_is_no_resync(self, fatima: Person, log: Log, now: datetime) -> None:
        assert not reading.start(fatima.id, frames.Resume(ref=1), now=now).resync

    def test_ignores_cursors_of_what_is_not_theirs(
        self, fatima: Person, conversation: Conversation, group: Conversation, log: Log, now: datetime
    ) -> None:
        command = frames.Resume(ref=1, epoch=log.epoch, cursors={group.id: 1_000, conversation.id: 5})

        begun = reading.start(fatima.id, command, now=now)

        assert not begun.resync
        assert [follow.conversation_id for follow in begun.follows] == [conversation.id]

    def test_gives_cards_when_asked_and_of_what_is_new_anyway(
        self, fatima: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        assert [c.id for c in start(fatima, conversation, log, 12, cards=True, now=now).cards] == [conversation.id]
        assert start(fatima, conversation, log, 12, cards=False, now=now).cards == []
        assert [c.id for c in start(fatima, conversation, log, None, cards=False, now=now).cards] == [conversation.id]


class TestWindows:
    def test_start_no_earlier_than_the_person_came(
        self, chantal: Person, fatima: Person, group: Conversation, log: Log, now: datetime
    ) -> None:
        sent(*(message(chantal, group) for _ in range(5)), now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)

        follow = start(fatima, group, log, 0, now=now).follows[0]

        assert (follow.given, follow.head) == (5, 6)

    def test_go_no_further_than_where_they_left(self, chantal: Person, dirk: Person, group: Conversation, log: Log, now: datetime) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        sent(message(chantal, group), now=now)

        assert start(dirk, group, log, 0, now=now).follows[0].head == 1
        assert start(dirk, group, log, 2, now=now).resync

    def test_are_those_of_the_newest_stay(self, chantal: Person, dirk: Person, group: Conversation, log: Log, now: datetime) -> None:
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        sent(message(chantal, group), now=now)
        members.join(conversation_id=group.id, person_id=dirk.id, role="peer", now=now)

        follow = start(dirk, group, log, 1, now=now).follows[0]

        assert (follow.first_seq, follow.given, follow.head) == (3, 2, 3)


class TestTheStamp:
    def test_changes_with_what_the_card_shows(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        stamps = [reading.follows(fatima.id)[0].stamp]
        conversations.pause(conversation_id=conversation.id, now=now)
        stamps.append(reading.follows(fatima.id)[0].stamp)
        members.mute(by_id=fatima.id, conversation_id=conversation.id, until=now, now=now)
        stamps.append(reading.follows(fatima.id)[0].stamp)

        assert len(set(stamps)) == 3

    def test_stays_while_only_the_log_grows(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        before = reading.follows(fatima.id)[0].stamp
        sent(message(fatima, conversation), now=now)

        assert reading.follows(fatima.id)[0].stamp == before
