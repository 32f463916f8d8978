"""Two people who keep writing while the network loses packets and goes dark: what they were told, and what they hold in the end."""

import asyncio
import contextlib
import random
import time
from typing import Any

import msgspec
from websockets.exceptions import WebSocketException

from bench.link.phones import LinkPhone, Task, say
from bench.verdict import Memory as Said
from tests.lite.device import Refused

PAUSE = 2.0  # seconds between two messages of one person
ANSWER_WITHIN = 20.0  # docs/protocol.md, "No answer is no answer"
PONG_WITHIN = 10.0
LONGEST_SETTLING = 100.0  # a blackout, a reconnect, and all that was written meanwhile
_LOST = (OSError, WebSocketException, TimeoutError)  # a ConnectionError is an OSError
_COME_AGAIN = {"try_again", "too_fast", "not_resumed"}


class Witness:
    """One person with one phone who sends each draft until it is answered."""

    def __init__(self, task: Task, number: int, name: str) -> None:
        self.phone = LinkPhone(task, number, ack_seconds=2.0)
        self.said = Said(task.pair.conversation)
        self.outbox: dict[int, str] = {}  # draft → body
        self.is_writing = True
        self.connects = self.tries = 0
        self.waits: list[float] = []
        self._chance = random.Random(name)
        self._name = name
        self._phrases = task.phrases
        self._written = 0
        self._arrived = asyncio.Event()

    async def live(self) -> None:
        """Come back for ever, and send what waits."""
        while True:
            try:
                await self.phone.connect()
            except _LOST:
                await asyncio.sleep(self._chance.uniform(0.5, 2))
                continue
            self.connects += 1
            with contextlib.suppress(*_LOST):
                await self._speak()
            await self.phone.drop()

    async def write(self) -> None:
        """A line now and then, connected or not."""
        while self.is_writing:
            await asyncio.sleep(self._chance.uniform(0.5 * PAUSE, 1.5 * PAUSE))
            self._written += 1
            phrase = self._phrases[self._written % len(self._phrases)]
            self.outbox[self.phone.memory.next_draft()] = f"{phrase} {self._name} {self._written}"
            self._arrived.set()

    async def _speak(self) -> None:
        """Send drafts one after the other, until the socket is gone. :raises OSError:"""
        while self.phone.is_open:
            if not self.outbox:
                self._arrived.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._arrived.wait(), ANSWER_WITHIN)
                if not self.outbox:
                    await asyncio.wait_for(self.phone.ping(), PONG_WITHIN)
                continue
            draft, body = next(iter(self.outbox.items()))
            began, self.tries = time.monotonic(), self.tries + 1
            (slot,) = self.phone.memory.talks
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    sent = await self.phone.send(slot, body, draft=draft)
            except TimeoutError:
                await asyncio.wait_for(self.phone.ping(), PONG_WITHIN)
            except Refused as problem:
                await self._refused(draft, problem)
            else:
                self.waits.append(time.monotonic() - began)
                self._acked(draft, sent.seq)

    def _acked(self, draft: int, seq: int) -> None:
        self.outbox.pop(draft, None)
        draft_id = str(self.phone.memory.draft(draft))
        self.said.reacked += self.said.acked.setdefault(draft_id, seq) != seq

    async def _refused(self, draft: int, problem: Refused) -> None:
        if problem.code in _COME_AGAIN:
            await asyncio.sleep(problem.retry_after or 1)
        else:
            self.said.refused.append(f"{draft} {problem.code}")
            self.outbox.pop(draft)

    @property
    def last(self) -> int:
        return max((talk.last or 0 for talk in self.phone.memory.talks.values()), default=0)

    def testify(self) -> Said:
        """What this phone holds and was told."""
        memory = self.phone.memory
        self.said.seen = [(entry.seq, entry.body or "") for talk in memory.talks.values() for entry in talk.log.values()]
        self.said.repeated = [(seq, body or "") for _, seq, body in memory.repeated]
        self.said.jumps = memory.jumps
        self.said.unanswered = [str(memory.draft(draft)) for draft in self.outbox]
        return self.said


async def run(task: Task) -> dict[str, Any]:
    """Write for `task.seconds` in all, the last part of it only to let everything arrive."""
    witnesses = [Witness(task, number, name) for number, name in enumerate(("Annemie", "Fatima"))]
    lives = [asyncio.create_task(witness.live()) for witness in witnesses]
    writers = [asyncio.create_task(witness.write()) for witness in witnesses]
    began, end = time.monotonic(), time.monotonic() + task.seconds
    while time.monotonic() < end - LONGEST_SETTLING:
        await asyncio.sleep(1)
        _progress(witnesses, "writing", began)
    for witness in witnesses:
        witness.is_writing = False
    await asyncio.gather(*writers)
    while time.monotonic() < end and not _is_settled(witnesses):
        await asyncio.sleep(0.5)
        _progress(witnesses, "settling", began)
    for life in lives:
        life.cancel()
    return {
        "memories": [msgspec.to_builtins(witness.testify()) for witness in witnesses],
        "tries": sum(witness.tries for witness in witnesses),
        "connects": sum(witness.connects for witness in witnesses),
        "waits": [wait for witness in witnesses for wait in witness.waits],
        "counts": [witness.phone.count for witness in witnesses],
    }


def _is_settled(witnesses: list[Witness]) -> bool:
    written = sum(len(witness.said.acked) for witness in witnesses)
    return all(not witness.outbox and witness.last == written for witness in witnesses)


def _progress(witnesses: list[Witness], what: str, began: float) -> None:
    acked = sum(len(witness.said.acked) for witness in witnesses)
    say(step=f"{what}: {acked} messages acked", at=time.monotonic() - began)
