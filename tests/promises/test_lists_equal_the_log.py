"""A device's list is the server's log within its membership, whatever its network did."""

import asyncio
import random

import pytest

from tests.promises.device import Device, Gone
from tests.promises.houses import House
from tests.promises.logs import ensure_kept, ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.busy]

ROUNDS = 40


class TestAListIsTheLog:
    async def test_after_random_drops(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        dice = random.Random(f"{house.name} drops")
        async with house.device(pair["people"][0], conversation) as one, house.device(pair["people"][1], conversation) as two:
            for number in range(ROUNDS):
                phone, peer = dice.sample([one, two], 2)
                await _say_something(phone, conversation, number, dice)
                if dice.random() < 0.3:
                    await _lose_the_network(dice.choice([phone, peer]), dice)
                await asyncio.sleep(dice.uniform(0, 0.03))
            for phone in (one, two):
                await phone.until(lambda phone=phone: not phone.drafts)  # type: ignore[misc]  # a bound default

            log = await ensure_same_list(house, conversation, one, two)
            assert len(one.close_codes) + len(two.close_codes) > 5
            assert ensure_kept(log, one, two) >= ROUNDS // 2

    async def test_a_phone_that_was_away_gets_what_it_missed_in_order(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone, house.device(pair["people"][1], conversation) as peer:
            await phone.send(conversation, words("before"))
            await peer.has(conversation, 1)
            await peer.drop()
            for number in range(57):
                await phone.write(conversation, words(f"meanwhile {number}"))
            await phone.until(lambda: not phone.drafts)

            await peer.connect()

            await ensure_same_list(house, conversation, phone, peer)

    async def test_a_new_phone_starts_with_the_newest_twenty(self, house: House) -> None:
        pair = await house.office.ask("circle")
        conversation = pair["conversation"]
        async with house.device(pair["people"][0], conversation) as phone:
            for number in range(30):
                await phone.write(conversation, words(f"{number}"))
            await phone.until(lambda: not phone.drafts)
        async with house.device(pair["people"][1]) as fresh:
            await fresh.has(conversation, 30)

            assert fresh.seqs(conversation) == list(range(11, 31))
            page = await fresh.request("history", conversation=conversation, before=11)
            assert [entry["seq"] for entry in page["entries"]] == list(range(1, 11))
            assert page["more"] is False


async def _say_something(phone: Device, conversation: str, number: int, dice: random.Random) -> None:
    mine = [
        line["seq"] for line in phone.lists[conversation] if line["author"] == phone.number_in(conversation) and line["kind"] == "message"
    ]
    mine = [seq for seq in mine if not next(line for line in phone.lists[conversation] if line["seq"] == seq).get("retracted_seq")]
    what = dice.random()
    if what < 0.15 and mine:
        await phone.write(conversation, words(f"{number}, better"), kind="edit", target=dice.choice(mine))
    elif what < 0.22 and mine and not phone.drafts:
        await phone.write(conversation, None, kind="retract", target=dice.choice(mine))
    else:
        await phone.write(conversation, words(f"{number}"))


async def _lose_the_network(phone: Device, dice: random.Random) -> None:
    """Cut the socket in the middle of whatever it does, and come back; sometimes that is cut off too."""
    await asyncio.sleep(dice.uniform(0, 0.01))
    await phone.drop()
    for _ in range(dice.choice([1, 1, 2])):
        if phone.is_open:
            await phone.drop()
        try:
            await phone.connect()
        except Gone:
            continue
    if not phone.is_open:
        await phone.connect()
