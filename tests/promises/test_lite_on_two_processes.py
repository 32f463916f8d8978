"""Lite phones on different processes hear each other; while the layer between the processes is dead, sending works and everything arrives."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.lite_device import LitePhone, lite
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]

LIVE = 0.6  # seconds
ANSWERED = 1.0
CONVERGED = 3.5


class Apart:
    """Two on lite, one on JSON, each on a process of their own; one more comes by in POSTs at the fourth."""

    def __init__(self, house: House, group: dict[str, Any]) -> None:
        self.house = house
        self.conversation: str = group["conversation"]
        one, two, three, four = group["people"]
        self.phones: list[Device] = [lite(house, one, at=0), lite(house, two, at=1), house.device(three, self.conversation, at=2)]
        self.visitor: LitePhone = lite(house, four, at=3)

    async def say(self, sender: int) -> tuple[float, float]:
        """One message: how long until it was answered, and until everybody had it."""
        began = time.monotonic()
        seq = (await self.phones[sender].send(self.conversation, words("hello")))["seq"]
        answered = time.monotonic() - began
        await asyncio.gather(*(phone.has(self.conversation, seq) for phone in self.phones))
        return answered, time.monotonic() - began

    async def ensure_heals(self) -> None:
        end = time.monotonic() + 10
        while max((await self.say(0))[1], (await self.say(1))[1]) >= LIVE:
            assert time.monotonic() < end, "it does not heal"
            await asyncio.sleep(0.2)


@pytest_asyncio.fixture
async def apart(row: House) -> AsyncIterator[Apart]:
    async with AsyncExitStack() as stack:
        apart = Apart(row, await row.office.ask("circle", kind="peer_group", size=4))
        for phone in apart.phones:
            await stack.enter_async_context(phone)
        await apart.visitor.visit()
        yield apart


class TestLiteOnDifferentProcesses:
    async def test_is_heard_live_on_the_socket_and_in_a_waiting_post(self, apart: Apart) -> None:
        await apart.ensure_heals()
        await apart.visitor.visit()
        waiting = asyncio.create_task(apart.visitor.visit(wait=10))
        await asyncio.sleep(0.3)

        took = [(await apart.say(number % 3))[1] for number in range(9)]
        answers = [await waiting]
        while not _entries(answers[-1]) and len(answers) < 5:  # marks of the others may be what ended the first wait
            answers.append(await apart.visitor.visit(wait=10))

        assert sorted(took)[len(took) // 2] < LIVE / 2, took
        assert _entries(answers[-1]), answers
        await apart.visitor.visit()
        await ensure_same_list(apart.house, apart.conversation, *apart.phones, apart.visitor)

    async def test_works_while_the_layer_is_dead(self, apart: Apart) -> None:
        layer = apart.house.layer
        assert layer is not None  # a row has one
        layer.process.kill()
        try:
            took = [await apart.say(sender) for sender in (0, 1)]
            await apart.visitor.write(apart.conversation, words("by post"))
            await apart.visitor.visit()
            await asyncio.gather(*(phone.hears(words("by post")) for phone in apart.phones))
        finally:
            layer.start_again()

        assert not apart.visitor.drafts
        assert max(answered for answered, _ in took) < ANSWERED, took
        assert max(everywhere for _, everywhere in took) < CONVERGED, took
        await apart.ensure_heals()
        await apart.visitor.visit()
        await ensure_same_list(apart.house, apart.conversation, *apart.phones, apart.visitor)
        assert all(phone.close_codes == [] for phone in apart.phones)


def _entries(answer: Any) -> list[Any]:
    return [entry for frame in answer if frame["type"] == "entries" for entry in frame["entries"]]
