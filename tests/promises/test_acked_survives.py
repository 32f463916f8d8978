"""Acked survives kill -9: of the server, and of PostgreSQL."""

import asyncio
import random

import pytest

from tests.promises.houses import House
from tests.promises.traffic import Traffic

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90), pytest.mark.busy]


class TestAckedSurvivesKill9:
    async def test_of_the_server(self, house: House) -> None:
        dice = random.Random(f"{house.name} kill")
        async with Traffic(house) as traffic:
            for _ in range(2):
                await asyncio.sleep(dice.uniform(0.4, 0.8))
                await asyncio.to_thread(house.server.kill)
                await asyncio.to_thread(house.server.start)
            await asyncio.sleep(0.3)

            assert await traffic.ensure_nothing_lost() > 20
            assert all(1006 in phone.close_codes for phone, _ in traffic.phones)

    async def test_of_postgresql(self, house_on_postgres: House) -> None:
        house = house_on_postgres
        assert house.postgres is not None  # this fixture's houses have one
        async with Traffic(house) as traffic:
            await asyncio.sleep(0.6)
            await asyncio.to_thread(house.postgres.process.kill)
            await asyncio.sleep(0.5)
            await asyncio.to_thread(house.start_postgres_again)
            await asyncio.sleep(1)

            assert await traffic.ensure_nothing_lost() > 20
            assert {phone.close_codes == [] for phone, _ in traffic.phones} == {True}, "a database that is away is no reason to hang up"
