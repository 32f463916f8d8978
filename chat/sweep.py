"""The floor under the live lane: every few seconds, compare what sockets were given with what the database holds.

It finds what a lost hint, a dead layer, a command line or a restored database left behind, signs out devices whose
access ended, lets go of slow ones, and closes conversations whose grace is over.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from chat.actions import conversations
from chat.reading import Follow, follows_of
from chat.reading import epoch as reading_epoch
from chat.reading.access import Access, access_of
from core import clock
from live import metrics
from live.close_codes import CloseCode
from live.hub import Hub
from live.pool import read

log = logging.getLogger(__name__)

PEOPLE_A_QUERY = 500
HURRIED_SECONDS = 1.0
LATEST_RETURN = 30  # seconds over which devices that must come back are spread


class Sweep:
    """One per process; `hurry` makes it look at once."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._hurried = asyncio.Event()
        self._is_stopped = False
        self._epoch: UUID | None = None

    def hurry(self) -> None:
        self._hurried.set()

    def stop(self) -> None:
        self._is_stopped = True

    async def run(self, is_healthy: Callable[[], bool]) -> None:
        """Sweep for ever; while the layer is silent, more often."""
        while not self._is_stopped:
            seconds = settings.MAATJE_SWEEP_SECONDS if is_healthy() else min(HURRIED_SECONDS, settings.MAATJE_SWEEP_SECONDS)
            try:
                await asyncio.wait_for(self._hurried.wait(), seconds)
            except TimeoutError:
                pass
            self._hurried.clear()
            try:
                await self.once()
            except Exception as problem:
                log.warning("sweep_failed problem=%s", type(problem).__name__)

    async def once(self) -> None:
        at = time.monotonic()
        for outlet in list(self._hub.all()):
            outlet.tick(at)
        await self._compare_epochs()
        for people in _batched(self._hub.people(), PEOPLE_A_QUERY):
            devices = [outlet.device_id for person_id in people for outlet in self._hub.of(person_id)]
            access, follows = await read(_look, people, devices, now=clock.now())
            for person_id in people:
                self._bring_up_to_date(person_id, access, follows.get(person_id, []))
        await read(conversations.close_due, now=clock.now())
        metrics.LAST_SWEEP.set_to_current_time()

    async def _compare_epochs(self) -> None:
        """A backup was restored under us: what sockets were given is no longer what the log says."""
        epoch = await read(reading_epoch)
        if self._epoch is not None and epoch != self._epoch:
            for outlet in list(self._hub.all()):
                outlet.withdraw(CloseCode.RESYNC, retry_after=random.randint(0, LATEST_RETURN))  # noqa: S311  # only spreads
        self._epoch = epoch

    def _bring_up_to_date(self, person_id: UUID, access: dict[UUID, Access], follows: list[Follow]) -> None:
        for outlet in self._hub.of(person_id):
            found = access.get(outlet.device_id)
            if found is None:  # it came after we looked
                continue
            if found.code is not None:
                outlet.withdraw(found.code)
            else:
                outlet.access_version = found.version
                outlet.letters(found.unread)
                outlet.compare(follows)


def _look(people: list[UUID], devices: list[UUID], *, now: datetime) -> tuple[dict[UUID, Access], dict[UUID, list[Follow]]]:
    """Access first: what it allows was true before the heads were read."""
    access = access_of(devices, now=now)
    return access, follows_of(people)


def _batched(people: list[UUID], size: int) -> list[list[UUID]]:
    return [people[start : start + size] for start in range(0, len(people), size)]
