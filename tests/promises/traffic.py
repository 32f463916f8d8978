"""People who keep talking while something terrible happens to the servers."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.logs import ensure_kept, ensure_same_list
from tests.promises.words import words

PAUSE = 0.12  # seconds between two messages of one phone: under the limit of 10 a second


class Traffic:
    """Some pairs, both phones of each on a socket of their own, both writing all the time and coming back by themselves."""

    def __init__(self, house: House, *, pairs: int = 5) -> None:
        self.house = house
        self.count = pairs
        self.pairs: list[dict[str, Any]] = []
        self.phones: list[tuple[Device, str]] = []
        self._writers: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Traffic":
        self.pairs = [await self.house.office.ask("circle") for _ in range(self.count)]
        for pair in self.pairs:
            for place, holder in enumerate(pair["people"]):
                phone = self.house.device(holder, pair["conversation"], at=place % len(self.house.servers))
                self.phones.append((await self._stack.enter_async_context(phone), pair["conversation"]))
                phone.keep_connected()
        self._writers = [asyncio.create_task(self._write(phone, conversation)) for phone, conversation in self.phones]
        return self

    async def _write(self, phone: Device, conversation: str) -> None:
        number = 0
        while True:
            number += 1
            await phone.write(conversation, words(f"{number} of {phone.holder['person']}"))
            await asyncio.sleep(PAUSE)

    async def quiet(self) -> None:
        """Stop writing and wait until everything that was said is answered."""
        for writer in self._writers:
            writer.cancel()
        for phone, _ in self.phones:
            await phone.until(lambda phone=phone: not phone.drafts, seconds=30)  # type: ignore[misc]  # a bound default

    async def ensure_nothing_lost(self) -> int:
        """Every promise at once: acked is kept, once, dense, and every phone shows the whole log. Says how much was acked."""
        await self.quiet()
        kept = 0
        for pair in self.pairs:
            phones = [phone for phone, conversation in self.phones if conversation == pair["conversation"]]
            log = await ensure_same_list(self.house, pair["conversation"], *phones)
            kept += ensure_kept(log, *phones)
        return kept

    async def __aexit__(self, *problem: object) -> None:
        for writer in self._writers:
            writer.cancel()
        await self._stack.aclose()
