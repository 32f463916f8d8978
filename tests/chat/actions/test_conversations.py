"""The life of a conversation."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from chat import reading
from chat.actions import conversations
from chat.models import Conversation
from programmes.models import Circle
from tests.chat.words import line, message, sent, seqs

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


def state(conversation: Conversation, person: Person, *, now: datetime) -> str:
    (card,) = reading.cards(person.id, now=now)
    return card.state


class TestOpenFor:
    def test_keeps_the_one_that_a_circle_has(self, circle: Circle, fatima: Person, now: datetime) -> None:
        again = conversations.open_for(circle_id=circle.id, member_ids=[fatima.id], now=now)

        assert again == circle.conversation
        assert again.members.count() == 2

    def test_knows_a_pair_from_a_group(self, conversation: Conversation, group: Conversation) -> None:
        assert (conversation.is_pair, group.is_pair) == (True, False)

    def test_gives_each_a_key_of_its_own(self, conversation: Conversation, group: Conversation) -> None:
        assert conversation.data_key is not None and group.data_key is not None
        assert conversation.data_key.unwrap() != group.data_key.unwrap()


class TestPause:
    def test_shows_on_the_card_until_it_is_over(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        conversations.pause(conversation_id=conversation.id, now=now)
        assert state(conversation, fatima, now=now) == "paused"

        conversations.resume(conversation_id=conversation.id)
        assert state(conversation, fatima, now=now) == "open"


class TestClose:
    def test_at_once_writes_the_last_line(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        sent(message(fatima, conversation), now=now)

        conversations.close_at(conversation_id=conversation.id, closes_at=now, now=now)

        assert (line(conversation, 2).kind, line(conversation, 2).author_number) == ("close", 0)
        assert state(conversation, fatima, now=now) == "closed"

    def test_after_a_grace_shows_when(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        closes_at = now + timedelta(days=7)

        conversations.close_at(conversation_id=conversation.id, closes_at=closes_at, now=now)

        (card,) = reading.cards(fatima.id, now=now)
        assert (card.state, card.closes_at) == ("open", closes_at)
        assert seqs(conversation) == []

    def test_happens_when_the_grace_is_over(self, conversation: Conversation, now: datetime) -> None:
        conversations.close_at(conversation_id=conversation.id, closes_at=now + timedelta(days=7), now=now)

        assert conversations.close_due(now=now + timedelta(days=6)) == 0
        assert conversations.close_due(now=now + timedelta(days=7)) == 1
        assert conversations.close_due(now=now + timedelta(days=8)) == 0
        assert [line(conversation, seq).kind for seq in seqs(conversation)] == ["close"]

    def test_keeps_the_earliest_time(self, conversation: Conversation, now: datetime) -> None:
        for days in (7, 3, 5):
            conversations.close_at(conversation_id=conversation.id, closes_at=now + timedelta(days=days), now=now)

        assert Conversation.objects.get(id=conversation.id).closes_at == now + timedelta(days=3)

    def test_twice_writes_one_line(self, conversation: Conversation, now: datetime) -> None:
        for _ in range(2):
            conversations.close_at(conversation_id=conversation.id, closes_at=now, now=now)

        assert seqs(conversation) == [1]

    def test_the_database_itself_knows_when_a_closed_one_closed(self, conversation: Conversation, now: datetime) -> None:
        with pytest.raises(IntegrityError, match="closed_conversation_had_a_closing_time"), transaction.atomic():
            Conversation.objects.filter(id=conversation.id).update(closed_at=now)
