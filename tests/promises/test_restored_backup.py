"""After a restored backup every device starts afresh and ends with the server's list."""

import asyncio

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]


class TestARestoredBackup:
    async def test_every_device_resyncs_and_ends_with_the_servers_list(self, either_house: House) -> None:
        house = either_house
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        phone, peer, sleeper = (house.device(holder, conversation) for holder in [*pair["people"], pair["people"][1]])
        async with phone, peer, sleeper:
            for number in range(3):
                await phone.send(conversation, words(f"kept {number}"))
            await asyncio.gather(peer.has(conversation, 3), sleeper.has(conversation, 3))
            await asyncio.to_thread(house.back_up)
            await asyncio.gather(phone.connect(), peer.connect(), sleeper.connect())
            for number in range(4):
                await phone.send(conversation, words(f"too late {number}"))
            await asyncio.gather(peer.has(conversation, 7), sleeper.has(conversation, 7))
            old_epoch = phone.epoch

            await asyncio.to_thread(house.restore)
            waiting = await phone.write(conversation, words("written while it was away"))
            await asyncio.gather(phone.connect(), peer.connect())
            await phone.until(lambda: bool(phone.answers[waiting.draft_id]))
            for number in range(6):
                await peer.send(conversation, words(f"afresh {number}"))
            await sleeper.connect()  # by now the new log is longer than the old one was

            assert phone.epoch != old_epoch
            assert [device.resyncs for device in (phone, peer, sleeper)] == [1, 1, 1]
            log = await ensure_same_list(house, conversation, phone, peer, sleeper)
            assert [line["body"] for line in log][:4] == [words(f"kept {number}") for number in range(3)] + [waiting.body]
            polled = await house.rest(pair["people"][1]).post("poll", {"epoch": old_epoch, "cursors": {conversation: 7}})
            assert polled.body["resync"] is True

    async def test_a_start_without_a_restore_is_no_new_epoch(self, either_house: House) -> None:
        house = either_house
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0], pair["conversation"]) as phone:
            await phone.send(pair["conversation"], words("before"))
            epoch = phone.epoch
            await asyncio.to_thread(house.server.kill)
            await asyncio.to_thread(house.server.start)
            await phone.connect()

            assert (phone.epoch, phone.resyncs) == (epoch, 0)
