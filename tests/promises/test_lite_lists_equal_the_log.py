"""A lite phone's list is the server's log, whatever its network did and whichever way it came."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from tests.lite.post import NotTaken
from tests.promises.device import Device, Gone
from tests.promises.houses import House
from tests.promises.lite_device import LitePhone, lite
from tests.promises.logs import ensure_kept, ensure_same_list
from tests.promises.notebook import Frame
from tests.promises.words import words

pytestmark = pytest.mark.delivery

EACH = 38  # within what one device may say at once, with what it says again after it lost its network
WRITERS = 8
BURST = EACH * WRITERS
WINDOW = 64
BUSY = 45  # two who say so much fill the window, and more


class TestAListIsTheLog:
    async def test_after_three_hundred_both_ways_with_lost_networks_and_posts_between(self, either_house: House) -> None:
        house = either_house
        group = await house.office.ask("circle", kind="peer_group", size=WRITERS + 1)
        conversation = group["conversation"]
        dice = random.Random(f"{house.name} lite drops")
        *holders, visitors = group["people"]
        phones: list[Device] = [lite(house, holder) for holder in holders[:5]]
        phones += [house.device(holder, conversation) for holder in holders[5:]]
        visitor = lite(house, visitors)
        await asyncio.gather(*(phone.connect() for phone in phones), visitor.visit())
        planners = Planners(phones[3:], conversation, dice)
        unsteady = [phone for phone in phones[:3] if isinstance(phone, LitePhone)]

        for number in range(EACH):
            for phone in phones:
                await phone.write(conversation, words(f"{number}"))
            if number % 10 == 7:
                await asyncio.gather(*(_be_elsewhere(phone, dice) for phone in unsteady), visitor.visit(), planners.act())
        for phone in phones:
            await phone.until(lambda phone=phone: not phone.drafts, seconds=30)  # type: ignore[misc]  # a bound default
        await _visit_until(visitor, conversation, BURST + planners.acts)

        log = await ensure_same_list(house, conversation, *phones, visitor)
        assert len(log) == BURST + planners.acts
        assert sum(line["kind"] == "meeting" for line in log) == planners.acts >= len(planners.phones)
        assert ensure_kept(log, *phones) >= BURST
        assert [phone.memory.jumps for phone in unsteady] == [0, 0, 0]
        for phone in phones:
            await phone.hang_up()

    async def test_after_a_phone_acked_nothing_for_a_while(self, house: House) -> None:
        group = await house.office.ask("circle", kind="peer_group", size=3)
        conversation = group["conversation"]
        async with (
            lite(house, group["people"][0], acks=False) as mute,
            lite(house, group["people"][1]) as one,
            house.device(group["people"][2], conversation) as two,
        ):
            for number in range(BUSY):
                await asyncio.gather(*(phone.write(conversation, words(f"{number}")) for phone in (one, two)))
            await mute.until(lambda: bool(mute.heads))
            await two.has(conversation, 2 * BUSY)

            assert mute.heads[0].seq > mute.cursors[conversation]
            assert WINDOW <= mute.cursors[conversation] < 2 * BUSY
            mute.acks = True
            await mute.ack_now()

            await ensure_same_list(house, conversation, mute, one, two)
            assert mute.is_open

    async def test_after_edits_and_taking_back_seen_live_by_catching_up_and_by_post(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        second = await house.office.ask("device", person=pair["people"][1]["person"])
        third = await house.office.ask("device", person=pair["people"][1]["person"])
        async with lite(house, pair["people"][0]) as writer, lite(house, pair["people"][1]) as live, lite(house, second) as away:
            await writer.send(conversation, words("one"))
            await writer.send(conversation, words("two"))
            await away.has(conversation, 2)
            await away.drop()
            await writer.send(conversation, words("one, better"), kind="edit", target=1)
            await writer.send(conversation, None, kind="retract", target=2)
            await away.connect()
            new = lite(house, third)
            await new.visit()

            await ensure_same_list(house, conversation, writer, live, away, new)
            assert live.bodies(conversation) == [words("one, better"), None]


class Planners:
    """People who plan meetings in a burst, and answer, move and call off each other's; `acts` went through, others were too late."""

    def __init__(self, phones: Sequence[Device], conversation: str, dice: random.Random) -> None:
        self.phones, self.conversation, self.dice = phones, conversation, dice
        self.acts = 0

    async def act(self) -> None:
        """Each does something, all at once."""
        answers = await asyncio.gather(*(phone.request("meet", **self._something(phone)) for phone in self.phones))
        self.acts += sum(answer["type"] == "sent" for answer in answers)

    def _something(self, phone: Device) -> Frame:
        said: Frame = {"conversation": self.conversation, "draft_id": str(uuid4())}
        known = {line["meeting"]["number"]: line["meeting"] for line in phone.lists[self.conversation] if "meeting" in line}
        start = (datetime.now(UTC) + timedelta(days=self.dice.randint(2, 300))).strftime("%Y-%m-%dT12:00")
        act = self.dice.choice(["accept", "accept", "decline", "counter", "move", "cancel"]) if known else "propose"
        said |= {"act": act} | ({"times": [{"start": start, "minutes": 90}]} if act in {"propose", "counter", "move"} else {})
        if act == "propose":
            return said | {"place": words("De Krook"), "repeat": self.dice.choice(["FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2"])}
        meeting = self.dice.choice(list(known.values()))
        return said | {"meeting": meeting["number"], "version": meeting["version"]}


async def _be_elsewhere(phone: LitePhone, dice: random.Random) -> None:
    """Lose the network in the middle of whatever it does; sometimes a POST is all that gets through before the next socket."""
    await asyncio.sleep(dice.uniform(0, 0.02))
    await phone.drop()
    if dice.random() < 0.5:
        with suppress(NotTaken):  # too fast: the socket will do
            await phone.visit()
    for _ in range(40):
        with suppress(Gone):  # too fast
            await phone.connect()
            return
        await asyncio.sleep(0.2)


async def _visit_until(visitor: LitePhone, conversation: str, seq: int) -> None:
    """A phone without a socket comes again, with the cursor that it has, until nothing is missing."""
    for visits in count(1):
        if visitor.cursors.get(conversation, 0) >= seq:
            return
        assert visits < 40, visitor
        with suppress(NotTaken):  # too fast
            await visitor.visit()
        await asyncio.sleep(0.02)
