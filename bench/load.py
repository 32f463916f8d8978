"""The load process of `bench send`: reads phases on stdin, prints what it measured; one JSON object a line.

`{"phase": "saturated", "seconds": 6}` keeps a few drafts of every person under way. `{"phase": "paced", "seconds": 6,
"rate": 50}` sends that many a second however long the answers take; lateness counts from when each was due.
"""

import asyncio
import json
import random
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from bench.pairs import Pair, read_pairs
from bench.talk import Clock, Line, OurLine, PlainLine

WARM_UP = 1.0
PATIENCE = 90.0  # a busy machine with the plain consumer takes its time


class Load:
    """All pairs of one server."""

    def __init__(self, kind: str, url: str, pairs: list[Pair], *, under_way: int) -> None:
        line = OurLine if kind == "ours" else PlainLine
        self.clock = Clock()
        self.under_way = under_way
        self._keeps_sending = False
        self.lines: list[Line] = []
        for pair in pairs:
            for seat in range(len(pair.seats)):
                other = len(self.lines) ^ 1  # what arrives here was sent by the other one, who may send the next
                self.lines.append(line(url, pair, seat, partial(self._arrived, other)))

    async def open(self) -> None:
        async with asyncio.timeout(PATIENCE):
            for start in range(0, len(self.lines), 20):
                await asyncio.gather(*(line.open() for line in self.lines[start : start + 20]))

    def _arrived(self, sender: int, number: int) -> None:
        self.clock.arrived(number)
        if self._keeps_sending:
            self.lines[sender].say(self.clock.started())

    async def saturated(self, seconds: float) -> None:
        self._keeps_sending = True
        for line in self.lines:
            for _ in range(self.under_way):
                line.say(self.clock.started())
        await asyncio.sleep(WARM_UP)
        await self._measure(seconds)
        self._keeps_sending = False
        await self._settle()

    async def paced(self, seconds: float, rate: float) -> None:
        begin = time.perf_counter()
        self._mark("begin")
        for number in range(int(seconds * rate)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            random.choice(self.lines).say(self.clock.started(due))  # any will do
        await self._settle()
        self._report(seconds)

    async def _measure(self, seconds: float) -> None:
        self.clock.latencies.clear()
        self.clock.counted = 0
        begin = time.perf_counter()
        self._mark("begin")
        await asyncio.sleep(seconds)
        self._report(time.perf_counter() - begin)

    async def _settle(self) -> None:
        end = time.perf_counter() + PATIENCE
        while self.clock.due:
            if time.perf_counter() > end:
                raise SystemExit(f"{len(self.clock.due)} messages did not arrive within {PATIENCE:.0f} seconds.")
            await asyncio.sleep(0.02)

    def _mark(self, name: str) -> None:
        print(json.dumps({"mark": name}), flush=True)

    def _report(self, seconds: float) -> None:
        milliseconds = [round(1000 * latency, 2) for latency in self.clock.latencies]
        print(json.dumps({"mark": "end", "messages": self.clock.counted, "seconds": seconds, "ms": milliseconds}), flush=True)
        self.clock.latencies.clear()
        self.clock.counted = 0


async def main(kind: str, url: str, pairs: list[Pair], under_way: int) -> None:
    load = Load(kind, url, pairs, under_way=under_way)
    await load.open()
    print(json.dumps({"mark": "open"}), flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        phase: dict[str, Any] = json.loads(line)
        if phase.pop("phase") == "saturated":
            await load.saturated(**phase)
        else:
            await load.paced(**phase)
        print(json.dumps({"mark": "settled"}), flush=True)
    for socket in load.lines:
        socket.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], read_pairs(Path(sys.argv[3])), int(sys.argv[4])))
