"""Who chose low data gets events together, within 2.5 seconds; others notice nothing. Who used up their budget goes on in POSTs."""

import asyncio
import time
from typing import Any

import pytest

from tests.lite.frames import pack
from tests.promises import houses
from tests.promises.houses import House
from tests.promises.lite_device import LitePhone, lite
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90)]

HELD_AT_MOST = 2.5  # seconds
LIVE = 0.8
BUDGET = 100_000
BUDGET_USED = 4003
WRITTEN_DOWN = 13.0  # seconds: the meter is written every ten


async def _chooses(house: House, holder: dict[str, Any], **choice: Any) -> None:
    answer = await house.rest(holder).ask("PATCH", "me", choice)
    assert answer.status == 200, answer


@pytest.mark.alone
class TestLowData:
    async def test_events_come_together_soon_and_others_wait_for_nothing(self) -> None:
        house = houses.house("daphne", "postgres")  # what is held knows neither server nor database
        group = await house.office.ask("circle", kind="peer_group", size=3)
        conversation = group["conversation"]
        sparing, other, third = group["people"]
        second = await house.office.ask("device", person=sparing["person"])
        await _chooses(house, sparing, low_data=True)
        async with (
            lite(house, sparing) as held, house.device(second, conversation) as in_json, house.device(other, conversation) as writer,
            lite(house, third) as usual,
        ):  # fmt: skip
            messages = held._received
            took: dict[str, list[float]] = {"held": [], "in_json": [], "usual": []}
            watching = [
                asyncio.create_task(_watch(phone, conversation, 5, took[name]))
                for name, phone in (("held", held), ("in_json", in_json), ("usual", usual))
            ]
            for number in range(5):
                await writer.send(conversation, words(f"{number}"))
                await asyncio.sleep(0.2)
            await asyncio.gather(*watching)
            own = time.monotonic()
            await held.send(conversation, words("an answer waits for nothing"))
            answered = time.monotonic() - own
            await in_json.has(conversation, 6)

            gaps = [frame_at - took["usual"][place] for place, frame_at in enumerate(took["held"])]
            assert max(gaps) <= HELD_AT_MOST
            assert max(a - b for a, b in zip(took["in_json"], took["usual"], strict=True)) < LIVE
            assert held._received - messages <= 3, "five messages in one, and the answer"
            assert answered < LIVE
            await ensure_same_list(house, conversation, held, in_json, writer, usual)


async def _watch(phone: Any, conversation: str, count: int, took: list[float]) -> None:
    """When each of the next so many lines came."""
    for seq in range(1, count + 1):
        await phone.has(conversation, seq)
        took.append(next(at for at, frame in phone.frames if any(line.get("seq", 0) >= seq for line in frame.get("entries", ()))))


class TestABudgetThatIsUsedUp:
    async def test_closes_the_socket_with_4003_and_leaves_the_posts(self) -> None:
        house = houses.house("uvicorn", "sqlite")  # the meter knows neither server nor database, and takes its ten seconds
        pair = await house.office.ask("circle")
        conversation, sparing = pair["conversation"], pair["people"][0]
        await _chooses(house, sparing, data_budget=BUDGET)
        async with lite(house, sparing) as phone, lite(house, pair["people"][1]) as other:
            await phone.send(conversation, words("before"))
            await _use_it_up(phone)

            assert await phone.ended(seconds=WRITTEN_DOWN) == BUDGET_USED
            assert phone.byes[-1] == {"type": "bye", "code": BUDGET_USED, "retry_after": None}
            told = phone.events("budget")[-1]
            assert told["step"] == 100
            assert told["used"] >= told["budget"] == BUDGET
            await phone.connect(resumes=False)
            assert await phone.ended() == BUDGET_USED

            await phone.write(conversation, words("by post"))
            await phone.visit()
            await other.hears(words("by post"))
            waiting = asyncio.create_task(phone.visit(wait=10))
            await asyncio.sleep(0.2)
            await other.send(conversation, words("I hear you"))
            await waiting
            assert phone.bodies(conversation)[-2:] == [words("by post"), words("I hear you")]

            await _chooses(house, sparing, data_budget=None)
            await phone.connect()
            await phone.send(conversation, words("again"))
            await ensure_same_list(house, conversation, phone, other)


async def _use_it_up(phone: LitePhone) -> None:
    """Seven heartbeats of 16 kB, as only a phone would send that says more than we know."""
    for _ in range(7):
        await phone.say_raw(pack([-9, 1, bytes(15_000)]))
        await asyncio.sleep(0.02)
