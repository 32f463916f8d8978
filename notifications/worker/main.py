"""The worker: looks what is due once a second or when it is nudged, and rings the lanes that have something to do.

Everything it knows is in the database, so there may be any number, and each may be killed at any moment.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from uuid import UUID

from core import clock
from notifications.actions import claiming, periodic
from notifications.outfit import Way
from notifications.sending import TIMEOUT
from notifications.worker import waking
from notifications.worker.bell import Bell
from notifications.worker.database import Database
from notifications.worker.lane import GRACE, Lane
from notifications.worker.life import note_life
from notifications.worker.looking import is_something_due, tell

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
LEAST_BETWEEN = 0.1  # seconds between two looks, however often it is nudged
KEEP_SECONDS = 10.0  # between two rounds of what expired and what is periodic
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
        self._keep_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Until `stop`; then what is under way is settled, and what was only claimed is given back."""
        self._loop = asyncio.get_running_loop()
        waking.listen(self.nudge)
        lanes = [asyncio.ensure_future(lane.run()) for lane in self._lanes]
        try:
            while not self._is_stopping:
                await self._look_and_rest()
        finally:
            waking.stop_listening(self.nudge)
            for lane in self._lanes:
                lane.stop()
            _, late = await asyncio.wait(lanes, timeout=LAST_SECONDS) if lanes else (set(), set())
            for task in late:
                task.cancel()
            await self._close()

    async def once(self) -> int:
        """Do all that is due now and end; how many deliveries were taken."""
        try:
            await self._keep()
            while await self._tell():
                pass
            taken = 0
            for lane in self._lanes:
                taken += await lane.empty()
                await lane.settled()
            return taken
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
        if time.monotonic() >= self._keep_at:
            await self._keep()
        is_more = await self._database.run(is_something_due) and await self._tell()
        kinds = await self._database.run(_kinds_due)
        for lane in self._lanes:
            if lane.way.kinds & kinds:
                lane.ring()
        return is_more

    async def _tell(self) -> bool:
        return await self._database.run(tell, await self._here() if self._here else ())

    async def _keep(self) -> None:
        await self._database.run(_expire)
        await self._database.run(_run_periodic)
        await asyncio.to_thread(note_life)
        self._keep_at = time.monotonic() + KEEP_SECONDS

    async def _close(self) -> None:
        for lane in self._lanes:
            with suppress(Exception):  # whatever it is, we are leaving
                await lane.way.channel.close()
        await asyncio.to_thread(self._database.end)


def _kinds_due() -> set[str]:
    return claiming.kinds_due(now=clock.now())


def _expire() -> int:
    return claiming.expire(now=clock.now())


def _run_periodic() -> int:
    return periodic.run_due(now=clock.now())
