"""Who watches the queue in this process, and when they hear that it changed.

One cheap look at the database each half second while anybody watches, so that it works between processes without asking
anything of the layer; what changes in this process is told at once.
"""

import asyncio
import logging
from time import monotonic
from typing import Protocol
from uuid import UUID

from console.reading.watched import stamp_of
from live.hub import hub
from live.pool import read

log = logging.getLogger(__name__)

EVERY = 0.5  # seconds between two looks
AT_LEAST = 0.2  # seconds between two looks however much changes: a flood of flags is one change
RECHECK = 15.0  # seconds after which a watcher's right to watch is looked at again


class Watcher(Protocol):
    """One open page."""

    organisation_ids: frozenset[UUID]
    seen: str
    checked_at: float

    def tell(self) -> None:
        """Something changed."""

    def leave(self) -> None:
        """The server stops; come back elsewhere."""

    async def recheck(self) -> None:
        """Close, unless it may still watch."""


class Watch:
    """The watchers of this process. Belongs to the event loop; `nudge` alone may be called from anywhere."""

    def __init__(self) -> None:
        self.watchers: set[Watcher] = set()
        self._looking: asyncio.Task[None] | None = None
        self._nudged: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, watcher: Watcher) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._nudged, self._looking = loop, asyncio.Event(), None
        self.watchers.add(watcher)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look_on())
        self.nudge()

    def remove(self, watcher: Watcher) -> None:
        self.watchers.discard(watcher)

    def nudge(self) -> None:
        """Look now."""
        loop, nudged = self._loop, self._nudged
        if loop is not None and nudged is not None and not loop.is_closed():
            loop.call_soon_threadsafe(nudged.set)

    async def _look_on(self) -> None:
        assert self._nudged is not None
        while self.watchers:
            self._nudged.clear()
            try:
                await self._look()
            except Exception as problem:  # a database that is away for a moment must not end the looking
                log.warning("watch_failed problem=%s", type(problem).__name__)
            await asyncio.sleep(AT_LEAST)
            try:
                await asyncio.wait_for(self._nudged.wait(), EVERY - AT_LEAST)
            except TimeoutError:
                pass

    async def _look(self) -> None:
        if hub.is_draining:
            for watcher in list(self.watchers):
                watcher.leave()
            return
        for organisation_ids in {watcher.organisation_ids for watcher in self.watchers}:
            stamp = await read(stamp_of, organisation_ids)
            for watcher in [one for one in self.watchers if one.organisation_ids == organisation_ids and one.seen != stamp]:
                watcher.seen = stamp
                watcher.tell()
        due = monotonic() - RECHECK
        for watcher in [one for one in self.watchers if one.checked_at < due]:
            await watcher.recheck()


watch = Watch()
