"""Delivered and read marks only rise, and read ≤ delivered ≤ the end of the log."""

import asyncio

import pytest

from tests.promises.houses import House
from tests.promises.words import words

pytestmark = pytest.mark.delivery


@pytest.fixture
def house(either_house: House) -> House:
    return either_house


class TestReceiptsOnlyRise:
    async def test_whatever_the_devices_say(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, reader = pair["conversation"], pair["people"][1]
        rest = house.rest(reader)
        async with house.device(pair["people"][0], conversation) as writer, house.device(reader, conversation, acks=False) as phone:
            for number in range(8):
                await writer.send(conversation, words(f"{number}"))
            await phone.has(conversation, 8)

            await phone.request("read", conversation=conversation, seq=3)
            await phone.request("read", conversation=conversation, seq=2)
            await phone.ack_now()
            await rest.post(f"conversations/{conversation}/marks", {"delivered": 1})
            await rest.post(f"conversations/{conversation}/marks", {"read": 6})
            await rest.post(f"conversations/{conversation}/marks", {"delivered": 2, "read": 1})
            await phone.request("read", conversation=conversation, seq=2**40)
            await phone.request("read", conversation=conversation, seq=4)

            await writer.until(lambda: bool(writer.marks[conversation][2]) and writer.marks[conversation][2][-1].get("read_seq") == 8)
            heard = [(mark["delivered_seq"], mark["read_seq"]) for mark in writer.marks[conversation][2]]
            assert heard == sorted(heard)
            assert all(read <= delivered <= 8 for delivered, read in heard)
            assert (await house.office.ask("marks", conversation=conversation))[reader["person"]] == [8, 8]

    async def test_many_at_once_leave_the_highest(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, reader = pair["conversation"], pair["people"][1]
        async with house.device(pair["people"][0], conversation) as writer:
            for number in range(20):
                await writer.write(conversation, words(f"{number}"))
            await writer.until(lambda: not writer.drafts)
        rest = house.rest(reader)

        await asyncio.gather(
            *(rest.post(f"conversations/{conversation}/marks", {"delivered": seq, "read": seq // 2}) for seq in range(20, 0, -1))
        )

        assert (await house.office.ask("marks", conversation=conversation))[reader["person"]] == [20, 10]

    async def test_a_participants_read_mark_stays_their_own(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation, participant = pair["conversation"], pair["people"][0]
        async with house.device(participant, conversation) as phone, house.device(pair["people"][1], conversation) as buddy:
            await buddy.send(conversation, words("have you seen this"))
            await phone.has(conversation, 1)

            await phone.request("read", conversation=conversation, seq=1)
            await buddy.until(lambda: any(mark["delivered_seq"] == 1 for mark in buddy.marks[conversation][1]))
            await asyncio.sleep(0.6)

            assert not any("read_seq" in mark for mark in buddy.marks[conversation][1])
            assert (await house.rest(pair["people"][1]).get(f"conversations/{conversation}")).body["members"][0].get("read_seq") is None
