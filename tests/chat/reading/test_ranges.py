"""What another process committed, with everybody who may see it."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import blocks
from accounts.models import Person
from chat import reading
from chat.actions import members
from chat.drafts import Sent
from chat.models import Conversation
from chat.reading import Range
from tests.chat.words import edit, message, retraction, send, sent

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


class TestAppended:
    def test_is_what_the_process_that_wrote_it_would_deliver(
        self, chantal: Person, dirk: Person, group: Conversation, now: datetime
    ) -> None:
        blocks.add(blocker=dirk, blocked=chantal, now=now)
        outcomes = send(message(chantal, group, "een"), message(dirk, group, "twee"), now=now)

        loaded = reading.appended([Range(group.id, 1, 2)])

        told = [outcome.appended for outcome in outcomes if isinstance(outcome, Sent)]
        assert [(a.entry, set(a.audience), a.sender_id, a.draft_id) for a in loaded] == [
            (a.entry, set(a.audience), a.sender_id, a.draft_id) for a in told if a is not None
        ]

    def test_is_in_seq_order_within_each_log(
        self, chantal: Person, group: Conversation, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        sent(*(message(chantal, group) for _ in range(3)), *(message(fatima, conversation) for _ in range(2)), now=now)

        loaded = reading.appended([Range(group.id, 1, 3), Range(conversation.id, 1, 2)])

        assert [a.entry.seq for a in loaded if a.conversation_id == group.id] == [1, 2, 3]
        assert [a.entry.seq for a in loaded if a.conversation_id == conversation.id] == [1, 2]

    def test_reaches_nobody_who_came_later_or_left(
        self, chantal: Person, dirk: Person, fatima: Person, group: Conversation, now: datetime
    ) -> None:
        sent(message(chantal, group), now=now)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)

        (first,) = reading.appended([Range(group.id, 1, 1)])

        assert {recipient.person_id for recipient in first.audience} & {dirk.id, fatima.id} == set()

    def test_shows_no_words_that_were_taken_back_meanwhile(self, chantal: Person, group: Conversation, now: datetime) -> None:
        sent(message(chantal, group, "een"), edit(chantal, group, 1, "twee"), retraction(chantal, group, 1), now=now)

        loaded = reading.appended([Range(group.id, 1, 3)])

        assert not any(isinstance(a.entry.body, str) for a in loaded)

    def test_takes_as_many_queries_for_one_as_for_many(
        self, chantal: Person, group: Conversation, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        sent(*(message(chantal, group) for _ in range(20)), *(message(fatima, conversation) for _ in range(20)), now=now)
        with CaptureQueriesContext(connection) as one:
            reading.appended([Range(group.id, 1, 1)])
        with CaptureQueriesContext(connection) as many:
            reading.appended([Range(group.id, 1, 20), Range(conversation.id, 1, 20)])

        assert len(one) == len(many) == 4
