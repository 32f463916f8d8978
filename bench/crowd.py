"""The client process of `bench sockets`: very many devices that stay connected: `python -m bench.crowd URL PAIRS_FILE COUNT`.

It prints how many are resumed now, and how often devices resumed since the start, five times a second.
"""

import asyncio
import json
import random
import sys
from pathlib import Path

import uvloop

from bench.device import Device, Heard
from bench.pairs import Pair, read_pairs
from bench.wire import Refused

AT_ONCE = 64  # devices that connect at the same time at first; after a restart all come as they please
JITTER = 1.0  # seconds over which devices spread their return


class Member:
    """One device that comes back whenever its socket goes."""

    def __init__(self, url: str, token: str, conversation: str) -> None:
        self.device = Device(url, token, heard=self._heard, lost=self._lost)
        self._conversation = conversation
        self._epoch = ""
        self._is_lost = asyncio.Event()
        self.resumes = 0

    def _heard(self, frame: Heard) -> None:
        if frame.type == "welcome":
            self._epoch = frame.epoch

    def _lost(self, code: int) -> None:
        self._is_lost.set()

    async def stay(self, door: asyncio.Semaphore) -> None:
        """Be connected for ever."""
        async with door:
            await self._come()
        while True:
            await self._is_lost.wait()
            await asyncio.sleep(random.uniform(0, JITTER))
            await self._come()

    async def _come(self) -> None:
        while True:
            self._is_lost.clear()
            known = {self._conversation: 0} if self._epoch else {}
            try:
                await self.device.resume(epoch=self._epoch, cursors=known)
            except (Refused, OSError):  # nobody listens yet
                await asyncio.sleep(random.uniform(JITTER / 2, JITTER))
            else:
                self.resumes += 1
                return


async def main(url: str, pairs: list[Pair], count: int) -> None:
    members = [Member(url, seat.token, pair.conversation) for pair in pairs for seat in pair.seats][:count]
    door = asyncio.Semaphore(AT_ONCE)
    stays = [asyncio.ensure_future(member.stay(door)) for member in members]
    while not any(stay.done() for stay in stays):
        resumes = [member.resumes for member in members]
        print(
            json.dumps({"here": sum(member.device.is_open for member in members), "least": min(resumes), "total": sum(resumes)}), flush=True
        )
        await asyncio.sleep(0.2)
    await asyncio.gather(*stays)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], read_pairs(Path(sys.argv[2])), int(sys.argv[3])))
