"""The worker: looks what is due once a second or when it is nudged, rings the lanes that have something to do, and keeps house.

Everything it knows is in the database, so there may be any number, and each may be killed at any moment.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from uuid import UUID

from core import clock
from notifications.actions import claiming
from notifications.outfit import Way
from notifications.sending import TIMEOUT
from notifications.worker import waking
from notifications.worker.bell import Bell
from notifications.worker.database import Database
from notifications.worker.keeping import Keeping
from notifications.worker.lane import GRACE, Lane
from notifications.worker.looking import is_something_due, tell

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
LEAST_BETWEEN = 0.1  # seconds between two looks, however often it is nudged
BLIND_SECONDS = 60.0  # without a look that worked, and the worker is not well
LAST_SECONDS = TIMEOUT + GRACE  # what is under way may take at the end


class Worker:
    """Belongs to the loop that runs it. `stop` may be called from any thread."""

    def __init__(self, ways: Sequence[Way], *, here: Callable[[], Awaitable[Collection[UUID]]] | None = None) -> None:
        self._here = here  # who has a socket in this process; other processes write it down
        self._database = Database()
        bell = Bell()
        self._lanes = [Lane(way, self._database, bell) for way in ways]
        self._nudged = asyncio.Event()
        self._is_stopping = False
        self._looked_at = time.monotonic()
        self._keeping = Keeping(is_well=lambda: time.monotonic() - self._looked_at < BLIND_SECONDS)
        self._parts: list[Keeping | Lane] = [self._keeping, *self._lanes]
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Until `stop`; then what is under way is settled, and what was only claimed is given back."""
        self._loop = asyncio.get_running_loop()
        waking.listen(self.nudge)
        running = [asyncio.ensure_future(part.run()) for part in self._parts]
        try:
            while not self._is_stopping:
                await self._look_and_rest()
        finally:
            waking.stop_listening(self.nudge)
            for part in self._parts:
                part.stop()
            _, late = await asyncio.wait(running, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            await self._close()

    async def once(self) -> bool:
        """Do all that is due now and end; whether the housekeeping went well. What becomes of letters is written in the database."""
        try:
            is_kept = await self._keeping.once()
            while await self._tell():
                pass
            for lane in self._lanes:
                await lane.empty()
                await lane.settled()
            return is_kept
        finally:
            await self._close()

    def stop(self) -> None:
        self._is_stopping = True
        self.nudge()

    def nudge(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self._loop.call_soon_threadsafe(self._nudged.set)

    async def _look_and_rest(self) -> None:
        began = time.monotonic()
        try:
            is_more = await self._look()
        except Exception as problem:  # a database that is away comes back
            log.warning("notices_not_read problem=%s", type(problem).__name__)
            is_more = False
        if is_more or self._is_stopping:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nudged.wait(), LOOK_SECONDS)
        self._nudged.clear()
        if not self._is_stopping:
            await asyncio.sleep(max(0.0, began + LEAST_BETWEEN - time.monotonic()))

    async def _look(self) -> bool:
        is_more = await self._database.run(is_something_due) and await self._tell()
        kinds = await self._database.run(_kinds_due)
        for lane in self._lanes:
            if lane.way.kinds & kinds:
                lane.ring()
        self._looked_at = time.monotonic()
        return is_more

    async def _tell(self) -> bool:
        return await self._database.run(tell, await self._here() if self._here else ())

    async def _close(self) -> None:
        for lane in self._lanes:
            with suppress(Exception):  # whatever it is, we are leaving
                await lane.way.channel.close()
        await asyncio.to_thread(self._keeping.end)
        await asyncio.to_thread(self._database.end)


def _kinds_due() -> set[str]:
    return claiming.kinds_due(now=clock.now())
