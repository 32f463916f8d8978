"""Receipts that rise while a device cannot be told: as soon as it can, it is."""

import asyncio
import threading

import pytest
from django.db import connection

from accounts.models import Device, Person
from chat.actions.marks import Progress, Risen, raise_marks
from chat.delivery import fan_out_marks
from chat.models import Conversation
from live import pool
from live.pool import read
from tests.chat.in_process import PATIENCE, InProcess, Socket, say
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


def raised(progress: Progress) -> tuple[Risen, ...]:
    (marked,) = raise_marks(steps=[progress])
    return marked.risen


def raised_elsewhere(progress: Progress) -> tuple[Risen, ...]:
    """In another thread, while nothing else of this process moves."""

    def work() -> tuple[Risen, ...]:
        try:
            return raised(progress)
        finally:
            connection.close()

    return pool._executor.submit(work).result(PATIENCE)


def let_readers_end() -> None:
    """What is being read now has been read; whoever asked for it has not heard so yet."""
    barrier = threading.Barrier(pool.READERS)
    for reader in [pool._executor.submit(barrier.wait, PATIENCE) for _ in range(pool.READERS)]:
        reader.result(PATIENCE)


def delivered(socket: Socket, number: int) -> int:
    """How far this device was told that somebody got."""
    cards = [member for frame in socket.of_type("conversation") for member in frame["card"]["members"]]
    marks = [mark for frame in socket.of_type("marks") for mark in frame["marks"]]
    return max(int(said.get("delivered_seq", 0)) for said in [*cards, *marks] if said["number"] == number)


class TestReceiptsThatRise:
    async def test_while_a_device_comes_back_are_told(
        self, process: InProcess, fatimas: Device, annemie: Person, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        await read(sent, message(fatima, conversation), now=clock())
        socket = process.connect(fatimas)

        socket.say("resume")
        await asyncio.sleep(0)
        let_readers_end()
        fan_out_marks(process.hub, raised_elsewhere(Progress(annemie.id, conversation.id, delivered=1)))
        await process.settle()

        assert socket.of_type("conversation")[0]["card"]["members"][1].get("delivered_seq", 0) == 0, "the card was read before"
        assert delivered(socket, 2) == 1

    async def test_while_a_device_has_no_room_are_told_when_it_has(
        self, process: InProcess, fatimas: Device, annemie: Person, annemies: Device, conversation: Conversation
    ) -> None:
        socket, other = await process.resumed(fatimas), await process.resumed(annemies)
        socket.session.feed.window = 10
        for _ in range(10):
            say(other, conversation)
        await process.settle()
        assert not socket.session.feed.has_room
        rose = await read(raised, Progress(annemie.id, conversation.id, delivered=10))
        fan_out_marks(process.hub, rose)
        await process.settle()
        before = delivered(socket, 2)

        socket.ack()
        await process.settle()

        assert (before, delivered(socket, 2)) == (0, 10)

    async def test_while_access_is_looked_at_again_are_told_after_it(
        self, process: InProcess, fatimas: Device, annemie: Person, fatima: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        await read(sent, message(fatima, conversation), now=clock())
        await process.settle()
        rose = await read(raised, Progress(annemie.id, conversation.id, delivered=1))

        socket.session.access_version -= 1  # as if something about her had changed, which this process has not heard yet
        fan_out_marks(process.hub, rose)
        before = delivered(socket, 2)
        await process.sweep()

        assert (before, delivered(socket, 2)) == (0, 1)
