"""A deploy loses nothing, and every socket is told 4001 before it closes."""

import asyncio
import signal
import time

import pytest

from tests.promises.houses import House
from tests.promises.traffic import Traffic

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90), pytest.mark.busy]

RESTART = 4001


class TestADeployLosesNothing:
    async def test_under_load_every_socket_is_told_4001_and_nothing_is_lost(self, house: House) -> None:
        async with Traffic(house) as traffic:
            strangers = [house.device(phone.holder) for phone, _ in traffic.phones[:3]]
            for stranger in strangers:
                await stranger.connect(resumes=False)
            await asyncio.sleep(0.5)

            began = time.monotonic()
            house.server.process.send(signal.SIGTERM)
            await asyncio.to_thread(house.server.process.popen.wait, 20)
            took = time.monotonic() - began
            codes = [phone.close_codes[0] for phone, _ in traffic.phones] + [await stranger.ended() for stranger in strangers]
            byes = [phone.byes[0] for phone, _ in traffic.phones] + [stranger.byes[0] for stranger in strangers]
            await asyncio.to_thread(house.server.start)
            await asyncio.sleep(0.3)

            assert set(codes) == {RESTART}
            assert {bye["code"] for bye in byes} == {RESTART}
            assert all(0 <= bye["retry_after"] <= 30 for bye in byes)
            assert took < 15
            assert await traffic.ensure_nothing_lost() > 20
            assert "Traceback" not in house.logs()

    async def test_it_says_that_it_is_not_ready_before_it_hangs_up(self, either_house: House) -> None:
        house = either_house
        pair = await house.office.ask("circle")
        seen: list[tuple[float, int]] = []
        async with house.device(pair["people"][0]) as phone:
            readiness = asyncio.create_task(_watch_readiness(house, seen))
            await phone.until(lambda: bool(seen) and seen[-1][1] == 200)
            house.server.process.send(signal.SIGTERM)
            await phone.ended()
            hung_up_at = next(at for at, frame in phone.frames if frame["type"] == "bye")
            await asyncio.to_thread(house.server.process.popen.wait, 20)
            readiness.cancel()
            await asyncio.to_thread(house.server.start)

        assert any(status == 503 and at <= hung_up_at for at, status in seen), (hung_up_at, seen[-8:])


async def _watch_readiness(house: House, seen: list[tuple[float, int]]) -> None:
    rest = house.rest()
    while True:
        try:
            seen.append((time.monotonic(), (await rest.get("/readyz")).status))
        except OSError:
            seen.append((time.monotonic(), 0))
        await asyncio.sleep(0.01)
