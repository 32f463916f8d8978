"""On the low-data wire too: acked survives kill -9 and a deploy, whether a phone has a socket or visits by POST."""

import asyncio
import random
import signal
import time
from contextlib import suppress

import pytest

from tests.lite.post import NotTaken
from tests.promises import houses
from tests.promises.device import Device
from tests.promises.houses import COMBINATIONS, EITHER, House
from tests.promises.lite_device import LitePhone, lite
from tests.promises.notebook import Frame
from tests.promises.traffic import Traffic

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90), pytest.mark.busy]

RESTART = 4001
VISITS = 0.15  # seconds between two visits of a phone without a socket
WIRES = [("lite", "lite"), ("lite", "json"), ("post", "json"), ("post", "lite")]


@pytest.fixture(params=[pair for pair in COMBINATIONS if pair not in EITHER], ids="+".join)
def other_house(request: pytest.FixtureRequest) -> House:
    """Those that `either_house` leaves out."""
    return houses.house(*request.param)


class MixedTraffic(Traffic):
    """Pairs of whom one writes in lite, or in POSTs; the other in lite or JSON."""

    async def __aenter__(self) -> "MixedTraffic":
        self._visitors: list[asyncio.Task[None]] = []
        for wires in WIRES:
            pair = await self.house.office.ask("circle")
            self.pairs.append(pair)
            for wire, holder in zip(wires, pair["people"], strict=True):
                phone = self.house.device(holder, pair["conversation"]) if wire == "json" else lite(self.house, holder)
                self.phones.append((phone, pair["conversation"]))
                if isinstance(phone, LitePhone) and wire == "post":
                    self._visitors.append(asyncio.create_task(_keep_visiting(phone)))
                else:
                    await self._stack.enter_async_context(phone)
                    phone.keep_connected()
        self._writers = [asyncio.create_task(self._write(phone, conversation)) for phone, conversation in self.phones]
        return self

    def with_sockets(self) -> list[Device]:
        return [phone for phone, _ in self.phones if phone.close_codes or phone.is_open]

    async def __aexit__(self, *problem: object) -> None:
        for visitor in self._visitors:
            visitor.cancel()
        await super().__aexit__(*problem)


async def _keep_visiting(phone: LitePhone) -> None:
    while True:
        with suppress(OSError, NotTaken):
            await phone.visit()
        await asyncio.sleep(VISITS)


class TestAckedSurvives:
    async def test_kill_9_of_the_server(self, either_house: House) -> None:
        house = either_house
        dice = random.Random(f"{house.name} lite")
        async with MixedTraffic(house) as traffic:
            await asyncio.sleep(dice.uniform(0.5, 0.8))
            await asyncio.to_thread(house.server.kill)
            await asyncio.to_thread(house.server.start)
            await asyncio.sleep(0.3)

            assert await traffic.ensure_nothing_lost() > 20
            assert all(1006 in phone.close_codes for phone in traffic.with_sockets())
            assert all(phone.resyncs == 0 for phone, _ in traffic.phones), "the cursor brought them back to where they were"


class TestADeployLosesNothing:
    async def test_every_lite_socket_is_told_4001_and_a_waiting_post_is_answered(self, other_house: House) -> None:
        house = other_house
        async with MixedTraffic(house) as traffic:
            await asyncio.sleep(0.4)
            waiting = await _waits(house)

            began = time.monotonic()
            house.server.process.send(signal.SIGTERM)
            await asyncio.to_thread(house.server.process.popen.wait, 20)
            took = time.monotonic() - began
            told = await waiting
            byes = [phone.byes[0] for phone in traffic.with_sockets()]
            codes = {phone.close_codes[0] for phone in traffic.with_sockets()}
            await asyncio.to_thread(house.server.start)
            await asyncio.sleep(0.3)

            assert codes == {RESTART}
            assert {bye["code"] for bye in byes} == {RESTART}
            assert all(0 <= bye["retry_after"] <= 30 for bye in byes)
            assert told[-1]["type"] == "bye"
            assert told[-1]["code"] == RESTART
            assert took < 15
            assert await traffic.ensure_nothing_lost() > 10


async def _waits(house: House) -> "asyncio.Task[list[Frame]]":
    """Somebody waits for news in a POST."""
    pair = await house.office.ask("circle")
    phone = lite(house, pair["people"][0])
    await phone.visit()
    waiting = asyncio.create_task(phone.visit(wait=25))
    await asyncio.sleep(0.2)
    return waiting
