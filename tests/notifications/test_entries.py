from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import Person
from chat.actions import members
from chat.models import Conversation
from core.ids import new_id
from notifications.actions import addresses
from notifications.actions.choices import choose
from notifications.actions.entries import LASTS
from notifications.models import AddressKind, Notice, NoticeState, PushAddress
from tests.chat.words import edit, message, retraction, send, sent
from tests.conftest import Clock
from tests.factories import make_circle, make_device
from tests.notifications.conftest import ring

pytestmark = pytest.mark.delivery


def waiting() -> list[Notice]:
    return list(Notice.objects.filter(kind="entry", state=NoticeState.WAITING))


class TestTellOf:
    def test_waits_for_everybody_else(self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())

        [notice] = waiting()
        assert (notice.person, notice.conversation_id, notice.seq) == (rings.person, conversation.id, seq)
        assert (notice.made_at, notice.due_at, notice.expires_at) == (clock(), clock(), clock() + LASTS)
        assert (notice.id.version, notice.id.variant) == (7, new_id().variant)
        assert abs((notice.id.int >> 80) - (new_id().int >> 80)) < 60_000
        assert notice.collapse_key == conversation.id.hex

    def test_is_one_of_a_conversation_and_keeps_its_time(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        began = clock()
        sent(message(annemie, conversation), now=clock())

        *_, newest = sent(message(annemie, conversation), message(annemie, conversation), now=clock.move(minutes=1))

        [notice] = waiting()
        assert (notice.seq, notice.due_at, notice.expires_at) == (newest, began, clock() + LASTS)

    def test_a_new_one_is_made_once_the_last_was_told(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        sent(message(annemie, conversation), now=clock())
        Notice.objects.update(state=NoticeState.TOLD)

        sent(message(annemie, conversation), now=clock())

        assert len(waiting()) == 1
        assert Notice.objects.filter(kind="entry").count() == 2

    def test_own_words_are_no_news(self, rings: PushAddress, conversation: Conversation, clock: Clock) -> None:
        sent(message(rings.person, conversation), now=clock())

        assert waiting() == []

    def test_two_who_write_at_once_hear_of_each_other(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        ring(make_device(person=annemie, now=clock())[0], now=clock())

        hers, his = sent(message(rings.person, conversation), message(annemie, conversation), now=clock())

        assert {notice.person: notice.seq for notice in waiting()} == {annemie: hers, rings.person: his}

    def test_everybody_in_a_group_hears_it_once(
        self, group: Conversation, chantal: Person, dirk: Person, amina: Person, clock: Clock
    ) -> None:
        for person in (chantal, dirk, amina):
            for _ in range(2):
                ring(make_device(person=person, now=clock())[0], now=clock())

        sent(message(chantal, group), message(dirk, group), message(chantal, group), now=clock())

        assert sorted(notice.person.name for notice in waiting()) == ["Amina", "Chantal", "Dirk"]

    def test_an_edit_and_a_retraction_are_no_news(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        Notice.objects.all().delete()

        sent(edit(annemie, conversation, seq), retraction(annemie, conversation, seq), now=clock())

        assert waiting() == []

    def test_a_refused_draft_tells_nobody(self, rings: PushAddress, chantal: Person, conversation: Conversation, clock: Clock) -> None:
        send(message(chantal, conversation), now=clock())

        assert waiting() == []

    @pytest.mark.parametrize("reason", ["nowhere", "dead", "unconfirmed", "muted", "unwanted", "left"])
    def test_nobody_waits_for_what_would_not_be_told(
        self, reason: str, device: Any, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        fatima, now = device.person, clock()
        match reason:
            case "dead":
                addresses.bury([ring(device, now=now).id], why="unregistered", now=now)
            case "unconfirmed":
                addresses.register(device=device, by=fatima, kind=AddressKind.EMAIL, value="fatima@example.org", now=now)
            case "muted":
                ring(device, now=now)
                members.mute(by_id=fatima.id, conversation_id=conversation.id, until=now + timedelta(hours=1), now=now)
            case "unwanted":
                ring(device, now=now)
                choose(person=fatima, by=fatima, now=now, messages=False)
            case "left":
                ring(device, now=now)
                members.leave(by_id=fatima.id, conversation_id=conversation.id, now=now)

        sent(message(annemie, conversation), now=now)

        assert waiting() == []

    def test_who_heard_enough_hears_again_when_that_is_over(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        members.mute(by_id=rings.person_id, conversation_id=conversation.id, until=clock() + timedelta(hours=1), now=clock())

        sent(message(annemie, conversation), now=clock.move(hours=1))

        assert len(waiting()) == 1

    def test_with_a_console_everybody_is_told(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock, settings: Settings
    ) -> None:
        settings.MAATJE_NOTICES_CONSOLE = True

        sent(message(annemie, conversation), now=clock())

        assert [notice.person for notice in waiting()] == [fatima]

    def test_takes_one_statement_however_many_there_are(
        self, rings: PushAddress, annemie: Person, nele: Person, bram: Person, clock: Clock
    ) -> None:
        rooms = [make_circle(people=[rings.person, annemie], coordinator=nele, deputy=bram, now=clock()).conversation for _ in range(8)]
        drafts = [message(annemie, room) for room in rooms for _ in range(20)]

        with CaptureQueriesContext(
            connection,
        ) as queries:
            sent(*drafts, now=clock())

        assert sum("notifications_notice" in query["sql"] for query in queries) == 1
        assert len(waiting()) == 8

    def test_vanishes_with_its_message(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock, now: datetime
    ) -> None:
        from django.db import transaction

        with pytest.raises(RuntimeError), transaction.atomic():
            sent(message(annemie, conversation), now=clock())
            raise RuntimeError

        assert waiting() == []
