"""Two who talk while somebody misbehaves: they must notice nothing of it."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.promises.device import Device
from tests.promises.words import words


@asynccontextmanager
async def notice_nothing(phone: Device, peer: Device, conversation: str, *, bound: float) -> AsyncIterator[list[float]]:
    """The median of their messages takes no longer than `bound` seconds; gives the list that the seconds of each come into."""
    took: list[float] = []

    async def talk() -> None:
        while True:
            began = time.monotonic()
            seq = (await phone.send(conversation, words("and you?")))["seq"]
            await peer.has(conversation, seq)
            took.append(time.monotonic() - began)
            await asyncio.sleep(0.12)

    async with phone, peer:
        talking = asyncio.create_task(talk())
        yield took
        while len(took) < 3:
            await asyncio.sleep(0.05)
        talking.cancel()
    assert statistics.median(took) < bound, sorted(took)[-5:]
