"""One channel's way from the database to the world and back. A slow one holds up nobody but itself."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from core import clock
from notifications import metrics
from notifications.actions import claiming, letters, settling
from notifications.actions.claiming import Claim
from notifications.outfit import Way
from notifications.sending import TIMEOUT, Fate, Letter, Retry
from notifications.worker.bell import Bell
from notifications.worker.circuit import Circuit
from notifications.worker.database import Database

log = logging.getLogger(__name__)

GRACE = 5.0  # seconds more than a channel may take
TRIES = (0.5, 1, 2, 4, 8, 16)  # seconds between attempts to settle, while the lease lasts


@dataclass(frozen=True, slots=True)
class Batch:
    claim: Claim
    letters: dict[UUID, Letter]


class Lane:
    """Claims for one channel, hands over, settles; so many batches at once as the channel says."""

    def __init__(self, way: Way, database: Database, bell: Bell) -> None:
        self.way = way
        self.circuit = Circuit()
        self._database = database
        self._bell = bell
        self._rung = asyncio.Event()
        self._slots = asyncio.Semaphore(way.at_once)
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

    def stop(self) -> None:
        """Take nothing more; `run` ends when all that is under way is settled."""
        self._is_stopping = True
        self._rung.set()

    async def run(self) -> None:
        while not self._is_stopping:
            await self._rung.wait()
            self._rung.clear()
            try:
                await self.empty()
            except Exception as problem:  # a database that is away; it is looked at again in a second
                log.warning("notices_not_claimed channel=%s problem=%s", self.way.name, type(problem).__name__)
        await self.settled()

    async def empty(self) -> int:
        """Take until nothing is due; how many were taken. What was taken may still be under way."""
        taken = 0
        while not self._is_stopping and not self.circuit.seconds_left(at=time.monotonic()):
            batch = await self._begin()
            if batch is None:
                return taken
            taken += len(batch.claim.deliveries)
        return taken

    async def settled(self) -> None:
        """Wait for all that is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _begin(self) -> Batch | None:
        await self._slots.acquire()
        try:
            if self.circuit.seconds_left(at=time.monotonic()):  # it began to rest while we waited for our turn
                batch = None
            else:
                batch = await self._database.run(_take, self.way, is_trial=not self.circuit.is_well)
        except BaseException:
            self._slots.release()
            raise
        if batch is None:
            self._slots.release()
            return None
        task = asyncio.ensure_future(self._carry(batch))
        self._under_way.add(task)
        task.add_done_callback(self._arrived)
        if not self.circuit.is_well:
            await asyncio.wait({task})  # a trial: what it says decides about the next
        return batch

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._slots.release()
        if not task.cancelled() and (problem := task.exception()):
            log.error("notices_broke channel=%s problem=%s", self.way.name, type(problem).__name__)

    async def _carry(self, batch: Batch) -> None:
        asked = list(batch.letters.values())
        if asked and (self._is_stopping or batch.claim.until < clock.now() + timedelta(seconds=TIMEOUT)):
            await self._database.run(_give_back, batch.claim)  # too late to be alone with it: this machine slept, or is going
            return
        answers = await self._send(asked) if asked else []
        self.circuit.heard(answers, at=time.monotonic(), letters=asked)
        self._bell.heard(self.way.name, answers, at=time.monotonic())
        fates = dict(zip(batch.letters, answers, strict=True))
        await self._settle(batch.claim, fates)
        metrics.count(self.way.name, batch.claim.deliveries, fates, now=clock.now())

    async def _send(self, asked: Sequence[Letter]) -> Sequence[Fate]:
        """The channels promise to answer for each letter in time; whoever breaks that is treated as if an operator were needed."""
        try:
            async with asyncio.timeout(TIMEOUT + GRACE):
                fates = await self.way.channel.send(asked)
        except Exception as problem:
            log.error("channel_broke channel=%s problem=%s", self.way.name, type(problem).__name__)  # noqa: TRY400  # a traceback may hold an address
            fates = []
        return fates if len(fates) == len(asked) else [Retry("channel_broke", alarms=True)] * len(asked)

    async def _settle(self, claim: Claim, fates: dict[UUID, Fate]) -> None:
        for wait in TRIES:
            try:
                await self._database.run(settling.settle, claim, fates, now=clock.now())
            except (DatabaseError, InterfaceError) as problem:
                log.warning("notices_not_settled channel=%s problem=%s", self.way.name, type(problem).__name__)
                await asyncio.sleep(wait)
            else:
                return


def _take(way: Way, *, is_trial: bool) -> Batch | None:
    claim = claiming.claim(kinds=way.kinds, limit=1 if is_trial else way.batch, now=clock.now(), is_trial=is_trial)
    return Batch(claim, letters.written(claim.deliveries, now=clock.now())) if claim else None


def _give_back(claim: Claim) -> int:
    return claiming.release(token=claim.token, ids=[one.id for one in claim.deliveries])
