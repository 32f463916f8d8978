"""Three hundred entries in a burst all arrive, in order, at a socket that acks and at one that acks every single frame."""

import asyncio

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = pytest.mark.delivery

BURST = 300
SENDERS = 6  # of fifty each: within what one socket may send at once


@pytest.fixture
def house(either_house: House) -> House:
    return either_house


class TestABurstArrivesInOrder:
    async def test_three_hundred_entries_at_one_socket(self, house: House) -> None:
        group = await house.office.ask("circle", kind="peer_group", size=SENDERS + 1)
        conversation = group["conversation"]
        async with house.device(group["people"][0], conversation) as listener:
            senders = [house.device(holder, conversation) for holder in group["people"][1:]]
            await asyncio.gather(*(sender.connect() for sender in senders))

            for number in range(BURST // SENDERS):
                for sender in senders:
                    await sender.write(conversation, words(f"{number}"))
            await listener.has(conversation, BURST, seconds=20)

            log = await ensure_same_list(house, conversation, listener, *senders)
            assert len(log) == BURST
            assert listener.repeats == 0
            for sender in senders:
                await sender.hang_up()

    async def test_a_phone_that_acks_every_frame_is_no_flood(self, house: House) -> None:
        group = await house.office.ask("circle", kind="peer_group", size=SENDERS + 1)
        conversation = group["conversation"]
        async with house.device(group["people"][0], conversation, acks="each") as listener:
            senders = [house.device(holder, conversation) for holder in group["people"][1:]]
            await asyncio.gather(*(sender.connect() for sender in senders))

            for number in range(BURST // SENDERS):
                for sender in senders:
                    await sender.write(conversation, words(f"{number}"))
                await asyncio.sleep(0.02)
            await listener.has(conversation, BURST, seconds=20)

            assert listener.is_open
            await ensure_same_list(house, conversation, listener)
            for sender in senders:
                await sender.hang_up()
