"""The clients of `bench crash`: people who keep writing through every crash and remember what they were told.

`python -m bench.witness URL PAIRS_FILE`: counts go to stdout five times a second. At the end of stdin they stop writing,
wait until all is answered and seen, print their memories on the last line and end.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path
from uuid import uuid4

import msgspec
import uvloop

from bench.device import Device, Heard
from bench.pairs import Pair, read_pairs
from bench.verdict import Memory
from bench.wire import Refused

PAUSE = 0.1  # seconds between two messages of one person
MOST_WAITING = 40  # drafts; nobody writes on for ever without an answer
PATIENCE = 60.0
QUIET = 2.0
_COME_AGAIN = {"try_again", "too_fast", "not_resumed"}


class Witness:
    """One person with one phone."""

    def __init__(self, url: str, token: str, conversation: str, name: str) -> None:
        self.device = Device(url, token, heard=self._heard, lost=self._lost)
        self.said = Memory(conversation)
        self.outbox: dict[str, str] = {}  # draft_id → body, in the order they were written
        self.last = 0
        self.written = 0
        self.is_writing = True
        self.is_resumed = False
        self._name = name
        self._asked: dict[int, str] = {}
        self._ref = 1
        self._epoch = ""
        self._is_lost = asyncio.Event()

    async def live(self) -> None:
        """Come back for ever, and send again what was not answered."""
        while True:
            self._is_lost.clear()
            try:
                await self.device.resume(epoch=self._epoch, cursors={self.said.conversation: self.last} if self._epoch else {})
            except (Refused, OSError):
                await asyncio.sleep(random.uniform(0.05, 0.3))
                continue
            self.is_resumed = True
            for draft_id in list(self.outbox):
                self._send(draft_id)
            await self._is_lost.wait()

    async def write(self) -> None:
        """Write a line now and then, connected or not."""
        while self.is_writing:
            await asyncio.sleep(random.uniform(0.5 * PAUSE, 1.5 * PAUSE))
            if len(self.outbox) < MOST_WAITING:
                self.written += 1
                draft_id = str(uuid4())
                self.outbox[draft_id] = f"{self._name} {self.written}"
                self._send(draft_id)

    def _send(self, draft_id: str) -> None:
        if draft_id not in self.outbox or not self.is_resumed:
            return
        self._ref += 1
        self._asked[self._ref] = draft_id
        frame = {
            "type": "send",
            "ref": self._ref,
            "conversation": self.said.conversation,
            "draft_id": draft_id,
            "body": self.outbox[draft_id],
        }
        self.device.wire.send(json.dumps(frame).encode())

    def _lost(self, code: int) -> None:
        self.is_resumed = False
        self._asked.clear()
        self._is_lost.set()

    def _heard(self, frame: Heard) -> None:
        if frame.type == "welcome":
            self._epoch = frame.epoch
        elif frame.type == "resumed" and frame.resync:
            self.last = 0
            self.said.seen.clear()
        elif frame.type == "sent":
            self._sent(frame)
        elif frame.type == "entries":
            for line in frame.entries:
                self._see(line.seq, line.body)
        elif frame.type == "error":
            self._refused(frame)

    def _sent(self, frame: Heard) -> None:
        body = self.outbox.pop(frame.draft_id, "")
        known = self.said.acked.setdefault(frame.draft_id, frame.seq)
        self.said.reacked += known != frame.seq
        if body and frame.seq == self.last + 1:
            self._see(frame.seq, body)

    def _see(self, seq: int, body: str) -> None:
        """The three rules of docs/protocol.md, "Order"."""
        if seq <= self.last:
            self.said.repeated.append((seq, body))
        elif seq == self.last + 1:
            self.said.seen.append((seq, body))
            self.last = seq
        else:
            self.said.jumps += 1
            self.device.wire.abort()

    def _refused(self, frame: Heard) -> None:
        draft_id = self._asked.get(frame.reply_to, "")
        if frame.code in _COME_AGAIN:
            asyncio.get_running_loop().call_later(0.5, self._send, draft_id)
        elif draft_id:
            self.said.refused.append(f"{draft_id} {frame.code}")
            self.outbox.pop(draft_id, None)


class Room:
    """All witnesses."""

    def __init__(self, url: str, pairs: list[Pair]) -> None:
        self.couples = [
            [Witness(url, seat.token, pair.conversation, f"{number}{name}") for name, seat in zip("ab", pair.seats, strict=True)]
            for number, pair in enumerate(pairs)
        ]
        self.everybody = [witness for couple in self.couples for witness in couple]

    async def run(self) -> None:
        lives = [asyncio.ensure_future(witness.live()) for witness in self.everybody]
        writing = [asyncio.ensure_future(witness.write()) for witness in self.everybody]
        telling = asyncio.ensure_future(self._tell())
        await _end_of_stdin()
        for witness in self.everybody:
            witness.is_writing = False
        await asyncio.gather(*writing)
        await self._settle()
        for task in (telling, *lives):
            task.cancel()

    async def _tell(self) -> None:
        while True:
            counts = {"here": sum(w.is_resumed for w in self.everybody), "acked": sum(len(w.said.acked) for w in self.everybody)}
            print(json.dumps(counts), flush=True)
            await asyncio.sleep(0.2)

    async def _settle(self) -> None:
        """Until everything is answered and both of each couple hold equally much, for a while; or patience is over."""
        end, quiet_since = time.monotonic() + PATIENCE, time.monotonic()
        while time.monotonic() < end and time.monotonic() - quiet_since < QUIET:
            if any(w.outbox for w in self.everybody) or any(a.last != b.last for a, b in self.couples):
                quiet_since = time.monotonic()
            await asyncio.sleep(0.1)
        for witness in self.everybody:
            witness.said.unanswered = list(witness.outbox)


async def _end_of_stdin() -> None:
    stdin = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    await stdin.read()


async def main(url: str, pairs: list[Pair]) -> None:
    room = Room(url, pairs)
    await room.run()
    print(msgspec.json.encode([witness.said for witness in room.everybody]).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], read_pairs(Path(sys.argv[2]))))
