"""One device on one socket, through the real lanes and a real database."""

from typing import Any

import pytest

from accounts.actions import devices
from accounts.models import Device, Person
from chat.models import Conversation, ConversationMember
from core.ids import new_id
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.conftest import PhoneOf
from tests.chat.in_process import InProcess, codes, say
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


class TestResume:
    async def test_comes_first(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket = process.connect(fatimas)

        ref = say(socket, conversation)
        await process.settle()

        assert socket.reply(ref)["code"] == "not_resumed"
        assert socket.seqs(conversation.id) == []

    @pytest.mark.parametrize("kind", ["ping", "ack"])
    async def test_is_not_needed_to_say_that_one_is_there(self, process: InProcess, fatimas: Device, kind: str) -> None:
        socket = process.connect(fatimas)

        socket.say("ping")
        socket.ack(1)

        assert [frame["type"] for frame in socket.frames] == ["welcome", "pong"]

    async def test_comes_once(self, process: InProcess, fatimas: Device) -> None:
        socket = await process.resumed(fatimas)

        ref = socket.say("resume")
        await process.settle()

        assert socket.reply(ref)["code"] == "not_resumed"

    async def test_answers_then_gives_cards_then_entries(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation), message(annemie, conversation), now=clock())

        socket = await process.resumed(fatimas)

        assert [frame["type"] for frame in socket.frames] == ["welcome", "resumed", "conversation", "entries"]
        assert socket.seqs(conversation.id) == [1, 2]

    async def test_gives_all_that_was_missed_in_order(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, log: Any, clock: Clock
    ) -> None:
        await read(sent, *(message(annemie, conversation) for _ in range(300)), now=clock())

        socket = await process.resumed(fatimas, epoch=log.epoch, cursors={str(conversation.id): 3})

        assert socket.seqs(conversation.id) == list(range(4, 301))

    async def test_loses_nothing_that_is_committed_meanwhile(
        self, process: InProcess, fatimas: Device, annemies: Device, conversation: Conversation
    ) -> None:
        annemie_socket = await process.resumed(annemies)
        socket = process.connect(fatimas)

        socket.say("resume")
        for _ in range(20):
            say(annemie_socket, conversation)
        await process.settle()

        assert socket.seqs(conversation.id) == list(range(1, 21))

    async def test_of_a_device_that_was_signed_out_meanwhile_gives_nothing(
        self, process: InProcess, fatimas: Device, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation), now=clock())
        socket = process.connect(fatimas)
        with process.deaf():
            await read(devices.revoke, device=fatimas, by=fatima, now=clock())

        socket.say("resume")
        await process.settle()

        assert socket.closed == CloseCode.SIGNED_OUT
        assert [frame["type"] for frame in socket.frames] == ["welcome", "bye"]

    async def test_with_a_cursor_says_that_the_device_has_what_came_before(
        self, process: InProcess, fatima: Person, fatimas: Device, annemie: Person, conversation: Conversation, log: Any, clock: Clock
    ) -> None:
        await read(sent, message(annemie, conversation), message(annemie, conversation), now=clock())

        await process.resumed(fatimas, epoch=log.epoch, cursors={str(conversation.id): 2})

        stay = await read(ConversationMember.objects.of(fatima.id).get)
        assert stay.delivered_seq == 2


class TestSend:
    async def test_answers_the_sender_and_tells_the_others(
        self, process: InProcess, fatimas: Device, annemies: Device, conversation: Conversation
    ) -> None:
        one, other = await process.resumed(fatimas), await process.resumed(annemies)

        ref = say(one, conversation, "Dag Annemie")
        await process.settle()

        assert one.reply(ref)["seq"] == 1
        assert one.seqs(conversation.id) == []
        (event,) = other.of_type("entries")
        assert (event["entries"][0]["seq"], event["entries"][0]["body"]) == (1, "Dag Annemie")
        assert "draft_id" not in event["entries"][0]

    async def test_reaches_the_senders_other_devices_with_its_draft(
        self, process: InProcess, fatima: Person, fatimas: Device, phone_of: PhoneOf, conversation: Conversation
    ) -> None:
        tablet = await read(phone_of, fatima)
        one, other = await process.resumed(fatimas), await process.resumed(tablet)
        draft_id = new_id()

        say(one, conversation, draft_id=draft_id)
        await process.settle()

        (event,) = other.of_type("entries")
        assert event["entries"][0]["draft_id"] == str(draft_id)

    async def test_answers_every_retry_alike(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket = await process.resumed(fatimas)
        draft_id = new_id()

        refs = [say(socket, conversation, draft_id=draft_id) for _ in range(5)]
        await process.settle()

        replies = [{**socket.reply(ref), "reply_to": None} for ref in refs]
        assert replies == [replies[0]] * 5
        assert replies[0]["seq"] == 1

    async def test_refuses_with_a_stable_code(
        self, process: InProcess, fatimas: Device, group: Conversation, conversation: Conversation
    ) -> None:
        socket = await process.resumed(fatimas)

        say(socket, group)
        say(socket, conversation, " ")
        say(socket, conversation, "x" * 2_001)
        socket.say("edit", conversation=conversation.id, draft_id=new_id(), target=9, body="a")
        await process.settle()

        assert codes(socket) == ["conversation_not_found", "body_empty", "body_too_long", "entry_not_found"]

    async def test_gives_an_entry_that_is_not_the_next_one_after_those_before_it(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(sent, message(annemie, conversation), now=clock())

        ref = say(socket, conversation)
        await process.settle()
        await process.sweep()

        assert socket.reply(ref)["seq"] == 2
        assert socket.seqs(conversation.id) == [1, 2]


class TestCommands:
    async def test_page_through_the_log(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, *(message(annemie, conversation) for _ in range(30)), now=clock())
        socket = await process.resumed(fatimas)

        ref = socket.say("history", conversation=conversation.id, before=11, limit=4)
        await process.settle()

        assert [entry["seq"] for entry in socket.reply(ref)["entries"]] == [7, 8, 9, 10]
        assert socket.reply(ref)["more"] is True

    async def test_list_the_conversations(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket = await process.resumed(fatimas, cards=False)
        before = len(socket.of_type("conversation"))

        ref = socket.say("conversations")
        await process.settle()

        assert socket.reply(ref)["type"] == "done"
        assert len(socket.of_type("conversation")) == before + 1

    async def test_leave(self, process: InProcess, chantal: Person, dirk: Person, phone_of: PhoneOf, group: Conversation) -> None:
        one, other = await process.resumed(await read(phone_of, chantal)), await process.resumed(await read(phone_of, dirk))

        ref = one.say("leave", conversation=group.id)
        await process.settle()
        say(other, group)
        await process.settle()

        assert one.reply(ref)["type"] == "done"
        assert one.seqs(group.id) == [1]
        assert other.seqs(group.id) == [1]
        assert one.of_type("conversation")[-1]["card"]["left"] is True

    async def test_mute(self, process: InProcess, fatimas: Device, conversation: Conversation, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        ref = socket.say("mute", conversation=conversation.id, until=clock.move(days=1))
        await process.settle()

        assert socket.reply(ref)["type"] == "done"
        assert "muted_until" in socket.of_type("conversation")[-1]["card"]

    async def test_mark_as_read(self, process: InProcess, fatimas: Device, annemies: Device, conversation: Conversation) -> None:
        one, other = await process.resumed(fatimas), await process.resumed(annemies)
        say(one, conversation)
        await process.settle()

        ref = other.say("read", conversation=conversation.id, seq=1)
        await process.settle()

        assert other.reply(ref)["type"] == "done"
        assert one.of_type("marks")[-1]["marks"] == [{"number": 2, "delivered_seq": 1, "read_seq": 1}]

    async def test_a_kept_read_mark_reaches_nobody_else(
        self, process: InProcess, fatima: Person, fatimas: Device, annemies: Device, phone_of: PhoneOf, conversation: Conversation
    ) -> None:
        tablet = await process.resumed(await read(phone_of, fatima))
        one, other = await process.resumed(fatimas), await process.resumed(annemies)
        say(other, conversation)
        await process.settle()

        one.say("read", conversation=conversation.id, seq=1)
        await process.settle()

        assert other.of_type("marks")[-1]["marks"] == [{"number": 1, "delivered_seq": 1}]
        assert tablet.of_type("marks")[-1]["marks"] == [{"number": 1, "delivered_seq": 1, "read_seq": 1}]
