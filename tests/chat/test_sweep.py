"""The floor under the live lane: what hints, layers and operators left behind is found."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.actions import devices, people
from accounts.models import Device, Person
from chat.actions import conversations, members
from chat.models import Conversation
from chat.sweep import Sweep
from core import boots
from live.close_codes import CloseCode
from live.pool import read
from tests.chat.in_process import InProcess
from tests.chat.words import message, sent
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]


class TestSweep:
    async def test_finds_what_a_lost_hint_left_behind(
        self, process: InProcess, fatimas: Device, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(sent, *(message(annemie, conversation) for _ in range(70)), now=clock())
        await process.settle()
        assert socket.seqs(conversation.id) == []

        await process.sweep()
        socket.ack()
        await process.settle()

        assert socket.seqs(conversation.id) == list(range(1, 71))

    async def test_cuts_a_device_that_was_signed_out(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(devices.revoke, device=fatimas, by=fatima, now=clock())

        await process.sweep()

        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_cuts_one_that_never_resumed_too(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = process.connect(fatimas)
        with process.deaf():
            await read(devices.revoke, device=fatimas, by=fatima, now=clock())

        await process.sweep()

        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_cuts_a_suspended_person(self, process: InProcess, fatimas: Device, fatima: Person, clock: Clock) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(people.suspend, person=fatima, by=None, now=clock())

        await process.sweep()

        assert socket.closed == CloseCode.SUSPENDED

    async def test_cuts_a_token_whose_time_is_over(self, process: InProcess, fatimas: Device, clock: Clock) -> None:
        socket = await process.resumed(fatimas)
        clock.move(days=180)

        await process.sweep()

        assert socket.closed == CloseCode.SIGNED_OUT

    async def test_sends_everybody_back_when_the_epoch_changed(self, process: InProcess, fatimas: Device) -> None:
        await process.sweep()
        socket = await process.resumed(fatimas)
        await read(boots.begin_epoch)

        await process.sweep()

        assert socket.closed == CloseCode.RESYNC
        assert 0 <= socket.frames[-1]["retry_after"] <= 30

    async def test_tells_a_card_that_changed_unheard(
        self, process: InProcess, fatimas: Device, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(conversations.pause, conversation_id=conversation.id, now=clock())

        await process.sweep()

        assert socket.of_type("conversation")[-1]["card"]["state"] == "paused"

    async def test_finds_a_conversation_that_is_new(
        self, process: InProcess, fatima: Person, fatimas: Device, group: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        with process.deaf():
            await read(members.join, conversation_id=group.id, person_id=fatima.id, role="peer", now=clock())

        await process.sweep()

        assert socket.seqs(group.id) == [1]

    async def test_closes_what_has_had_its_grace(
        self, process: InProcess, fatimas: Device, conversation: Conversation, clock: Clock
    ) -> None:
        socket = await process.resumed(fatimas)
        await read(conversations.close_at, conversation_id=conversation.id, closes_at=clock() + timedelta(days=7), now=clock())
        clock.move(days=7)

        await process.sweep()

        assert [entry["kind"] for frame in socket.of_type("entries") for entry in frame["entries"]] == ["close"]

    async def test_finds_nothing_where_nothing_is_wrong(self, process: InProcess, fatimas: Device) -> None:
        socket = await process.resumed(fatimas)
        before = list(socket.frames)

        for _ in range(3):
            await process.sweep()

        assert socket.frames == before


class TestHowOften:
    @pytest.mark.parametrize(("is_healthy", "least"), [(True, 1), (False, 3)])
    async def test_more_often_while_the_layer_is_silent(
        self, process: InProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch, *, is_healthy: bool, least: int
    ) -> None:
        settings.MAATJE_SWEEP_SECONDS = 0.12
        monkeypatch.setattr("chat.sweep.HURRIED_SECONDS", 0.02)
        rounds = 0
        sweep = Sweep(process.hub)

        async def count() -> None:
            nonlocal rounds
            rounds += 1

        monkeypatch.setattr(sweep, "once", count)
        running = asyncio.ensure_future(sweep.run(lambda: is_healthy))
        await asyncio.sleep(0.2)
        sweep.stop()
        sweep.hurry()
        await running

        assert rounds >= least
        assert is_healthy is False or rounds <= 4

    async def test_goes_on_when_a_round_fails(self, process: InProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.MAATJE_SWEEP_SECONDS = 0.01
        tried: list[Any] = []
        sweep = Sweep(process.hub)

        async def fail() -> None:
            tried.append(1)
            raise ZeroDivisionError

        monkeypatch.setattr(sweep, "once", fail)
        running = asyncio.ensure_future(sweep.run(lambda: True))
        async with asyncio.timeout(5):
            while len(tried) < 3:
                await asyncio.sleep(0.005)
        sweep.stop()
        await running
