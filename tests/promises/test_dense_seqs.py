"""Seqs are exactly 1..n, whoever sends at the same time, and nobody sees a hole."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.promises.houses import House
from tests.promises.logs import ensure_same_list
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.busy]

EACH = 3


class TestSeqsAreExactlyOneToN:
    async def test_with_sixty_four_senders_over_sockets(self, house: House) -> None:
        group = await house.office.ask("circle", kind="peer_group", size=32)
        conversation = group["conversation"]
        holders = group["people"] + [await house.office.ask("device", person=one["person"]) for one in group["people"]]
        async with AsyncExitStack() as stack:
            phones = [house.device(holder, conversation) for holder in holders]
            for start in range(0, 64, 16):
                await asyncio.gather(*(stack.enter_async_context(phone) for phone in phones[start : start + 16]))

            replies = await asyncio.gather(
                *(phone.send(conversation, words(f"{number}"), seconds=30) for phone in phones for number in range(EACH))
            )

            assert sorted(reply["seq"] for reply in replies) == list(range(1, 64 * EACH + 1))
            log = await ensure_same_list(house, conversation, *phones)
            assert len(log) == 64 * EACH
