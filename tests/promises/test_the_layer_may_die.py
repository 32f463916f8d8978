"""The layer only carries hints: dead, hung or emptied, sending works, peers on other processes converge, and it heals."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]

CONVERGED = 3.0  # seconds
ANSWERED = 1.0
LIVE = 0.6
FROZEN = 20.0


class Neighbours:
    """A group whose phones are on different processes."""

    def __init__(self, house: House, group: dict[str, Any], phones: list[Device]) -> None:
        self.house = house
        self.conversation: str = group["conversation"]
        self.phones = phones

    async def say(self, sender: int = 0) -> tuple[float, float]:
        """One message: how long until it was answered, and until everybody had it."""
        began = time.monotonic()
        seq = (await self.phones[sender].send(self.conversation, words("hello")))["seq"]
        answered = time.monotonic() - began
        await asyncio.gather(*(phone.has(self.conversation, seq) for phone in self.phones))
        return answered, time.monotonic() - began

    async def ensure_works(self, *, seconds: float, pause: float = 0.3) -> None:
        """For so long: every message is answered at once, and is everywhere in time."""
        end = time.monotonic() + seconds
        said = 0
        while time.monotonic() < end:
            answered, everywhere = await self.say(said % len(self.phones))
            said += 1
            assert answered < ANSWERED
            assert everywhere < CONVERGED, f"after {everywhere:.2f} s"
            await asyncio.sleep(pause)

    async def ensure_heals(self, *, seconds: float = 10) -> None:
        """Soon everything is live again: two messages in a row, from different processes, arrive at once."""
        end = time.monotonic() + seconds
        while True:
            took = [(await self.say(0))[1], (await self.say(1))[1]]
            if max(took) < LIVE:
                return
            assert time.monotonic() < end, took
            await asyncio.sleep(0.2)

    async def ensure_same_lists(self) -> None:
        await ensure_same_list(self.house, self.conversation, *self.phones)


async def _neighbours(house: House, stack: AsyncExitStack) -> Neighbours:
    count = len(house.servers)
    group = await house.office.ask("circle", kind="peer_group", size=max(3, count))
    phones = [house.device(holder, group["conversation"], at=place) for place, holder in enumerate(group["people"][:count])]
    for phone in phones:
        await stack.enter_async_context(phone)
    return Neighbours(house, group, phones)


@pytest_asyncio.fixture
async def neighbours(row: House) -> AsyncIterator[Neighbours]:
    async with AsyncExitStack() as stack:
        yield await _neighbours(row, stack)


class TestFourProcesses:
    async def test_peers_on_different_processes_hear_each_other_live(self, neighbours: Neighbours) -> None:
        took = [(await neighbours.say(number % 4))[1] for number in range(24)]

        print(f"across four processes: p50 {statistics.median(took) * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms")
        assert statistics.median(took) < LIVE / 2
        await neighbours.ensure_same_lists()

    async def test_a_burst_of_three_hundred_arrives_in_order_on_every_process(self, neighbours: Neighbours) -> None:
        for _ in range(300 // 4 // 25):
            for _ in range(25):
                for phone in neighbours.phones:
                    await phone.write(neighbours.conversation, words("burst"))
            await asyncio.gather(*(phone.until(lambda phone=phone: not phone.drafts, seconds=30) for phone in neighbours.phones))  # type: ignore[misc]  # a bound default

        await neighbours.ensure_same_lists()
        assert all(len(phone.lists[neighbours.conversation]) == 300 for phone in neighbours.phones)

    async def test_marks_reach_the_other_process(self, neighbours: Neighbours) -> None:
        await neighbours.say(0)
        one, two = neighbours.phones[:2]

        await one.until(
            lambda: any(
                mark["delivered_seq"] == 1 for mark in one.marks[neighbours.conversation][two.number_in(neighbours.conversation) or 0]
            )
        )


class TestTheLayerMayDie:
    async def test_killed_and_back(self, neighbours: Neighbours) -> None:
        layer = neighbours.house.layer
        assert layer is not None  # a row has one
        await neighbours.ensure_heals()
        layer.process.kill()

        try:
            await neighbours.ensure_works(seconds=7)
        finally:
            layer.start_again()

        await neighbours.ensure_heals()
        await neighbours.ensure_same_lists()
        assert all(phone.close_codes == [] for phone in neighbours.phones)

    async def test_frozen_for_twenty_seconds(self, neighbours: Neighbours) -> None:
        layer = neighbours.house.layer
        assert layer is not None  # a row has one
        await neighbours.ensure_heals()
        layer.freeze()
        try:
            await neighbours.ensure_works(seconds=FROZEN)
        finally:
            layer.thaw()

        await neighbours.ensure_heals()
        await neighbours.ensure_same_lists()
        assert all(phone.close_codes == [] for phone in neighbours.phones)

    async def test_emptied(self, neighbours: Neighbours) -> None:
        layer = neighbours.house.layer
        assert layer is not None  # a row has one
        await neighbours.ensure_heals()

        layer.flush()

        await neighbours.ensure_works(seconds=1)
        await neighbours.ensure_heals(seconds=3)

    async def test_dead_from_the_start(self, without_a_layer: House) -> None:
        async with AsyncExitStack() as stack:
            neighbours = await _neighbours(without_a_layer, stack)

            await neighbours.ensure_works(seconds=4)

            await neighbours.ensure_same_lists()
            assert without_a_layer.server.answers("/readyz"), "a dead layer is a warning, not a reason to send people away"
