"""What a worker does beside the notices, in a thread of its own: neither waits for the other."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from core import clock
from notifications.actions import claiming, periodic
from notifications.worker.database import Database
from notifications.worker.life import note_life

log = logging.getLogger(__name__)

KEEP_SECONDS = 10.0  # between two rounds of what expired and what is periodic


class Keeping:
    """After a round without trouble, and while `is_well`, it leaves a sign of life."""

    def __init__(self, *, is_well: Callable[[], bool]) -> None:
        self._is_well = is_well
        self._database = Database(threads=1)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.once()
            except Exception as problem:  # a database that is away comes back
                log.warning("notices_not_kept problem=%s", type(problem).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), KEEP_SECONDS)

    async def once(self) -> bool:
        """Whether nothing failed."""
        has_failed = await self._database.run(self._round)
        if not has_failed and self._is_well():
            await asyncio.to_thread(note_life)
        return not has_failed

    def stop(self) -> None:
        """On the loop. What it is at is ended, and nothing more begun."""
        self._stopping.set()

    def end(self) -> None:
        self._database.end()

    def _round(self) -> bool:
        now = clock.now()
        claiming.expire(now=now)
        return bool(periodic.run_due(now=now, is_over=self._stopping.is_set).failed)
