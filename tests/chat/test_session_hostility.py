"""Phones that are slow, that ack nothing, and devices that mean harm."""

import time

import pytest
from pytest_django import Settings

from accounts.models import Device, Person
from chat import feed, frames
from chat.models import Conversation, ConversationMember
from chat.session import commands, following
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess, codes, say
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


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
