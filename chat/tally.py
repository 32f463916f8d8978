"""Every ten seconds: what the meter counted goes into the database, and who crossed a step of their budget hears of it.

A process that is killed loses at most the ten seconds that were not written yet; one that stops writes them first. Where a
connection dies in the very moment of its commit, those ten seconds may count twice.
"""

import asyncio
import logging
from collections.abc import Callable

from accounts import policy
from accounts.actions import data_use
from chat.hints import Hints, Spent
from core import clock
from live.meter import Meter
from live.pool import read

log = logging.getLogger(__name__)

FLUSH_SECONDS = 10.0


class Tally:
    """One per process. `here` brings a hint to the sockets of this process, `there` to the others."""

    def __init__(self, meter: Meter, *, here: Callable[[Hints], None], there: Callable[[Hints], None]) -> None:
        self._meter = meter
        self._here = here
        self._there = there

    async def run(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.once()

    async def once(self) -> None:
        """Write down what was counted; without a database it stays with the meter until the next time."""
        counts = self._meter.take()
        if not counts:
            return
        try:
            uses = await read(data_use.add, counts, now=clock.now())
        except Exception as problem:  # whatever it is, the bytes were used
            log.warning("data_use_not_written devices=%d problem=%s", len(counts), type(problem).__name__)
            self._meter.put_back(counts)
            return
        crossed = [_spent(use) for use in uses if use.crossed]
        used_up = [
            _spent(use) for use in uses if policy.leaves_no_room_for_a_socket(use.step) and not use.crossed
        ]  # another process's word may have been lost
        if crossed or used_up:
            self._here(Hints(spent=[*crossed, *used_up]))
        if crossed:
            self._there(Hints(spent=crossed))


def _spent(use: data_use.Use) -> Spent:
    return Spent(use.person_id, use.step, use.used, use.budget or 0)
