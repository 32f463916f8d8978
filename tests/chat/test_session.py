"""One device on one socket, through the real lanes and a real database."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from accounts.actions import blocks, devices, people
from accounts.models import Device, Person
from chat import feed, frames
from chat.actions import conversations, members
from chat.models import Conversation, ConversationMember
from chat.session import commands, following
from core.ids import new_id
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess, Socket
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

PhoneOf = Callable[[Person], Device]


@pytest.fixture
def fatimas(fatima: Person, phone_of: PhoneOf, conversation: Conversation) -> Device:
    return phone_of(fatima)


@pytest.fixture
def annemies(annemie: Person, phone_of: PhoneOf, conversation: Conversation) -> Device:
    return phone_of(annemie)


def say(socket: Socket, conversation: Conversation, body: str = "Dag!", **fields: Any) -> int:
    return socket.say("send", **{"conversation": conversation.id, "draft_id": new_id(), "body": body, **fields})


def codes(socket: Socket) -> list[str]:
    return [frame["code"] for frame in socket.of_type("error")]


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


class TestAcks:
    async def test_give_delivered_marks(
        self, process: InProcess, fatimas: Device, annemies: Device, annemie: Person, conversation: Conversation
    ) -> None:
        one, other = await process.resumed(fatimas), await process.resumed(annemies)
        say(one, conversation)
        await process.settle()

        other.ack()
        await process.settle()

        stay = await read(ConversationMember.objects.of(annemie.id).get)
        assert (stay.delivered_seq, stay.read_seq) == (1, 0)
        assert one.of_type("marks")[-1]["marks"][0]["delivered_seq"] == 1

    async def test_beyond_what_was_sent_are_complained_about(self, process: InProcess, fatimas: Device) -> None:
        socket = process.connect(fatimas)

        socket.ack(2)

        assert codes(socket) == ["malformed"]
        assert socket.closed is None


class TestSlowDevices:
    async def test_are_told_how_much_there_is_then_given_it_once_they_ack(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock, settings: Settings
    ) -> None:
        settings.MAATJE_ACK_WINDOW = 4
        socket = await process.resumed(fatimas)
        for _ in range(9):
            await read(sent, message(annemie, conversation), now=clock())
            await process.settle()

        assert socket.seqs(conversation.id) == [1, 2, 3, 4]
        assert [frame["seq"] for frame in socket.of_type("head")] == [5]

        socket.ack()
        await process.settle()

        assert socket.seqs(conversation.id) == list(range(1, 10))

    async def test_are_let_go_when_they_never_ack(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock, settings: Settings
    ) -> None:
        socket = await process.resumed(fatimas)
        await read(sent, message(annemie, conversation), now=clock())
        await process.settle()

        socket.session.tick(time.monotonic() + settings.MAATJE_ACK_TIMEOUT - 1)
        assert socket.closed is None
        socket.session.tick(time.monotonic() + settings.MAATJE_ACK_TIMEOUT + 1)

        assert socket.closed == CloseCode.SLOW
        assert socket.frames[-1] == {"type": "bye", "code": 4008, "retry_after": 1}

    async def test_are_let_go_when_they_only_ask_and_never_ack(self, process: InProcess, fatimas: Device, settings: Settings) -> None:
        settings.MAATJE_COMMANDS_BURST = 10_000
        socket = process.connect(fatimas)

        for _ in range(feed.MOST_UNACKED_FRAMES + 1):
            socket.say("ping")

        assert socket.closed == CloseCode.SLOW

    async def test_are_let_go_when_they_never_resume(self, process: InProcess, fatimas: Device) -> None:
        socket = process.connect(fatimas)

        socket.session.tick(time.monotonic() + following.RESUME_WITHIN + 1)

        assert socket.closed == CloseCode.SLOW

    async def test_are_let_go_when_they_fall_silent(self, process: InProcess, fatimas: Device, settings: Settings) -> None:
        socket = await process.resumed(fatimas)
        beats = following.SILENT_HEARTBEATS * settings.MAATJE_HEARTBEAT_SECONDS

        socket.session.tick(time.monotonic() + beats - 5)
        assert socket.closed is None
        socket.session.tick(time.monotonic() + beats + 5)

        assert socket.closed == CloseCode.EXPIRED

    async def test_come_back_after_their_hours(self, process: InProcess, fatimas: Device, settings: Settings) -> None:
        settings.MAATJE_HEARTBEAT_SECONDS = 10_000_000
        socket = await process.resumed(fatimas)

        socket.session.tick(time.monotonic() + settings.MAATJE_SOCKET_HOURS * 3_600 + 1)

        assert socket.closed == CloseCode.EXPIRED


class TestHostileDevices:
    async def test_are_let_go_at_their_third_malformed_frame(self, process: InProcess, fatimas: Device) -> None:
        socket = process.connect(fatimas)

        for text in ("{", '{"type":"zzz"}', None):
            assert socket.closed is None
            socket.say_text(text)

        assert codes(socket) == ["malformed", "unknown_command", "wrong_kind_of_frame"]
        assert socket.closed == CloseCode.MALFORMED
        assert socket.frames[-1]["type"] == "bye"

    async def test_are_slowed_down_when_they_flood(
        self, process: InProcess, fatimas: Device, conversation: Conversation, settings: Settings
    ) -> None:
        settings.MAATJE_COMMANDS_BURST, settings.MAATJE_COMMANDS_PER_SECOND = 5, 0.001
        socket = await process.resumed(fatimas)

        refs = [socket.say("ping") for _ in range(6)]

        refused = [socket.reply(ref) for ref in refs if socket.reply(ref)["type"] == "error"]
        assert [frame["code"] for frame in refused] == ["too_fast"] * 2
        assert all(frame["retry_after"] >= 1 for frame in refused)

    async def test_share_one_bucket_with_the_socket_before(self, process: InProcess, fatimas: Device, settings: Settings) -> None:
        settings.MAATJE_COMMANDS_BURST, settings.MAATJE_COMMANDS_PER_SECOND = 3, 0.002
        for _ in range(2):
            process.connect(fatimas).say("ping")
        socket = process.connect(fatimas)

        refs = [socket.say("ping") for _ in range(2)]

        assert [socket.reply(ref)["type"] for ref in refs] == ["pong", "error"]

    async def test_pay_for_every_byte_that_others_must_pay_for(
        self, process: InProcess, fatimas: Device, conversation: Conversation, settings: Settings
    ) -> None:
        settings.MAATJE_TEXT_BYTES_BURST, settings.MAATJE_TEXT_BYTES_PER_SECOND = 8_000, 0.5
        socket = await process.resumed(fatimas)

        refs = [say(socket, conversation, "😀" * 1_500) for _ in range(2)]
        await process.settle()

        assert [socket.reply(ref).get("code") for ref in refs] == [None, "too_fast"]

    async def test_are_let_go_when_they_flood_on(self, process: InProcess, fatimas: Device, settings: Settings) -> None:
        settings.MAATJE_COMMANDS_BURST, settings.MAATJE_COMMANDS_PER_SECOND = 1, 0.001
        socket = process.connect(fatimas)

        for _ in range(1 + commands.MOST_REFUSED_AS_TOO_FAST):
            socket.say("ping")
        assert socket.closed is None
        socket.say("ping")

        assert socket.closed == CloseCode.TOO_FAST
        assert socket.frames[-1]["retry_after"] >= 30

    async def test_are_heard_no_more_once_they_are_let_go(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket = await process.resumed(fatimas)

        socket.session.withdraw(CloseCode.RESTART)
        count = len(socket.frames)
        socket.session.give(frames.Pong(1))

        assert len(socket.frames) == count
        assert not process.hub.of(fatimas.person_id)

    async def test_cannot_have_more_under_way_than_a_few(self, process: InProcess, fatimas: Device, conversation: Conversation) -> None:
        socket = await process.resumed(fatimas)

        refs = [socket.say("history", conversation=conversation.id) for _ in range(10)]
        await process.settle()

        answers = [socket.reply(ref)["type"] for ref in refs]
        assert answers.count("page") == commands.MOST_ASKED
        assert answers.count("error") == 10 - commands.MOST_ASKED


class TestWithdrawal:
    """After the commit nothing newer reaches that person on any path, also when the hint is lost."""

    async def revoke(self, process: InProcess, device: Device, fatima: Person, clock: Clock, *, is_hinted: bool) -> None:
        if is_hinted:
            await read(devices.revoke, device=device, by=fatima, now=clock())
            await process.settle()
        else:
            with process.deaf():
                await read(devices.revoke, device=device, by=fatima, now=clock())

    async def test_closes_the_socket(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        await self.revoke(process, fatimas, fatima, clock, is_hinted=True)

        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_of_a_suspended_person_says_so(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        await read(people.suspend, person=fatima, by=None, now=clock())
        await process.settle()

        assert socket.closed == CloseCode.SUSPENDED

    async def test_leaves_the_other_devices(
        self,
        process: InProcess,
        fatimas: Device,
        fatima: Person,
        annemies: Device,
        phone_of: PhoneOf,
        conversation: Conversation,
        clock: Clock,
    ) -> None:
        tablet, other = await process.resumed(await read(phone_of, fatima)), await process.resumed(annemies)
        await process.resumed(fatimas)

        await self.revoke(process, fatimas, fatima, clock, is_hinted=True)
        say(other, conversation)
        await process.settle()

        assert tablet.closed is None
        assert tablet.seqs(conversation.id) == [1]

    @pytest.mark.parametrize("path", ["live", "ack", "history", "refresh", "sweep"])
    async def test_gives_nothing_newer_when_its_hint_is_lost(
        self, process: InProcess, fatimas: Device, fatima: Person, annemies: Device, conversation: Conversation, clock: Clock, path: str
    ) -> None:
        socket, other = await process.resumed(fatimas), await process.resumed(annemies)
        await self.revoke(process, fatimas, fatima, clock, is_hinted=False)

        if path == "live":
            say(other, conversation, "erna")
        else:
            with process.deaf():
                await read(sent, message(annemies.person, conversation, "erna"), now=clock())
            socket.session.feed.open(conversation.id, given=0, head=1)
        if path == "ack":
            socket.ack()
        elif path == "history":
            socket.say("history", conversation=conversation.id)
        elif path == "refresh":
            socket.session.refresh()
        elif path == "sweep":
            await process.sweep()
        await process.settle()

        assert "erna" not in json.dumps(socket.frames)
        await process.sweep()
        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_by_a_block_tells_nobody_but_stops_both(
        self,
        process: InProcess,
        fatimas: Device,
        fatima: Person,
        annemies: Device,
        annemie: Person,
        conversation: Conversation,
        clock: Clock,
    ) -> None:
        one, other = await process.resumed(fatimas), await process.resumed(annemies)
        await read(blocks.add, blocker=fatima, blocked=annemie, now=clock())
        await process.settle()

        refs = say(one, conversation), say(other, conversation)
        await process.settle()

        assert [one.reply(refs[0])["code"], other.reply(refs[1])["code"]] == ["not_reachable"] * 2
        assert one.seqs(conversation.id) == other.seqs(conversation.id) == []


class TestChanges:
    async def test_of_a_card_are_told(self, process: InProcess, fatimas: Device, conversation: Conversation, clock: Clock) -> None:
        socket = await process.resumed(fatimas)

        await read(conversations.pause, conversation_id=conversation.id, now=clock())
        await process.settle()

        assert socket.of_type("conversation")[-1]["card"]["state"] == "paused"

    async def test_a_new_conversation_appears_by_itself(
        self, process: InProcess, fatima: Person, fatimas: Device, group: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)

        await read(members.join, conversation_id=group.id, person_id=fatima.id, role="peer", now=clock())
        await process.settle()

        assert socket.of_type("conversation")[-1]["card"]["id"] == str(group.id)
        assert socket.seqs(group.id) == [1]

    async def test_who_comes_back_hears_of_it_on_the_same_socket(
        self, process: InProcess, chantal: Person, dirk: Person, phone_of: PhoneOf, group: Conversation, clock: Clock, now: datetime
    ) -> None:
        socket = await process.resumed(await read(phone_of, dirk))

        await read(members.leave, by_id=dirk.id, conversation_id=group.id, now=now)
        await process.settle()
        await read(sent, message(chantal, group, "zonder hem"), now=now)
        await process.settle()
        await read(members.join, conversation_id=group.id, person_id=dirk.id, role="peer", now=now)
        await process.settle()
        await read(sent, message(chantal, group), now=now)
        await process.settle()

        assert socket.seqs(group.id) == [1, 3, 4]
        assert "zonder hem" not in json.dumps(socket.frames)
