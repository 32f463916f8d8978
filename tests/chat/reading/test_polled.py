"""What a device that polls has missed."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat import frames, reading
from chat.models import Conversation
from core import boots
from core.models import Log
from tests.chat.words import message, sent

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def poll(person: Person, log: Log, cursors: dict[Conversation, int], *, cards: bool = False, now: datetime) -> frames.Polled:
    command = frames.Poll(epoch=log.epoch, cursors={c.id: seq for c, seq in cursors.items()}, cards=cards)
    return reading.polled(person.id, command, now=now)


def seqs(answer: frames.Polled) -> list[int]:
    return [entry.seq for news in answer.news for entry in news.entries]


class TestPolled:
    def test_is_everything_after_the_cursor(
        self, fatima: Person, annemie: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        sent(*(message(fatima, conversation) for _ in range(4)), now=now)

        assert seqs(poll(annemie, log, {conversation: 2}, now=now)) == [3, 4]

    def test_is_nothing_when_there_is_nothing(self, annemie: Person, conversation: Conversation, log: Log, now: datetime) -> None:
        answer = poll(annemie, log, {conversation: 0}, now=now)

        assert (answer.news, answer.more, answer.resync) == ([], False, False)
        assert not (answer.news or answer.resync or answer.conversations)

    def test_says_that_there_is_more_until_there_is_not(
        self, fatima: Person, annemie: Person, conversation: Conversation, log: Log, now: datetime
    ) -> None:
        sent(*(message(fatima, conversation) for _ in range(120)), now=now)
        seen: list[int] = []

        more = True
        while more:
            answer = poll(annemie, log, {conversation: seen[-1] if seen else 0}, now=now)
            seen, more = seen + seqs(answer), answer.more

        assert seen == list(range(1, 121))

    def test_says_resync_after_a_restore(self, fatima: Person, conversation: Conversation, log: Log, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)
        boots.begin_epoch()

        answer = poll(fatima, log, {conversation: 1}, now=now)

        assert answer.resync
        assert seqs(answer) == [1]

    def test_holds_no_more_than_the_cursors_window(self, chantal: Person, conversation: Conversation, log: Log, now: datetime) -> None:
        assert poll(chantal, log, {conversation: 0}, now=now).news == []
