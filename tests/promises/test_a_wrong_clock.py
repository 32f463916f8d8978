"""A clock that is a day early or late changes nothing but the times that are shown."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]


class TestAClockThatIsADayOff:
    async def test_changes_nothing_between_processes_that_disagree(self, house_with_wrong_clocks: House) -> None:
        house = house_with_wrong_clocks
        group = await house.office.ask("circle", kind="peer_group", size=3)
        conversation = group["conversation"]
        async with AsyncExitStack() as stack:
            phones = [house.device(holder, conversation, at=place) for place, holder in enumerate(group["people"])]
            for phone in phones:
                await stack.enter_async_context(phone)
            for number in range(8):
                await asyncio.gather(*(phone.send(conversation, words(f"{number}")) for phone in phones))

            log = await ensure_same_list(house, conversation, *phones)
            assert len(log) == 24
            assert len({line["at"][:10] for line in phones[0].lists[conversation]}) >= 3, "the clocks were not wrong"

    async def test_changes_nothing_when_it_is_set_back_while_people_talk(self, house_with_wrong_clocks: House) -> None:
        house = house_with_wrong_clocks
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with (
            house.device(pair["people"][0], conversation, at=0) as phone,
            house.device(pair["people"][1], conversation, at=1) as peer,
        ):
            first = await phone.send(conversation, words("in the future"))
            phone.keep_connected()
            ahead, behind = house.servers[0].env["TESTS_CLOCK_IS_WRONG_BY_HOURS"], "-24"
            house.servers[0].env["TESTS_CLOCK_IS_WRONG_BY_HOURS"] = behind
            await asyncio.to_thread(house.servers[0].kill)
            await asyncio.to_thread(house.servers[0].start)

            second = await phone.send(conversation, words("two days earlier"), seconds=20)
            again = await phone.send(conversation, words("better"), kind="edit", target=1)
            invited = await house.office.ask("invited")
            enrolled = await house.rest(at=0).post("enrol", {"code": invited["code"], "label": "phone", "keep": "token"})
            house.servers[0].env["TESTS_CLOCK_IS_WRONG_BY_HOURS"] = ahead

            assert second["at"] < first["at"]
            assert [first["seq"], second["seq"], again["seq"]] == [1, 2, 3]
            assert enrolled.status in {200, 201}
            await ensure_same_list(house, conversation, phone, peer)
