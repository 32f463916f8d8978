"""A client in the hands of a test: everything that happened is remembered, and can be waited for."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from phone.backoff import Backoff
from phone.client import Client
from phone.enrolment import enrol
from phone.happenings import Ended, Happening, Offline, Online
from phone.kept import Kept
from phone.outbox import Draft
from phone.store import Store

PATIENCE = 30.0


class Handset:
    """One phone with its file, which survives being switched off."""

    def __init__(self, path: Path, kept: Kept | None = None) -> None:
        self.store = Store(path)
        if kept is not None:
            self.store.save(kept)
        self.happened: list[Happening] = []
        self._running: asyncio.Task[int] | None = None

    @classmethod
    def enrolled(cls, folder: Path, *, server: str, code: str) -> "Handset":
        return cls(folder / f"{code}.json", enrol(server, code, label="test"))

    def switch_on(self) -> "Handset":
        kept = self.store.load()
        assert kept is not None
        self.happened, self._stir = [], asyncio.Event()
        self.client = Client(kept, keeps=self.store, listen=self._heard, backoff=Backoff(chance=lambda: 0.1))
        self._running = asyncio.create_task(self.client.run())
        return self

    async def switch_off(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def _heard(self, happening: Happening) -> None:
        self.happened.append(happening)
        self._stir.set()

    async def until(self, is_so: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not is_so():
            self._stir.clear()
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + max(0.0, end - time.monotonic())):
                    await self._stir.wait()
            except TimeoutError:
                raise AssertionError(f"It did not happen. What did: {self.happened[-10:]}") from None

    async def connects(self) -> None:
        await self.until(lambda: isinstance(self.client.link, Online) and self.kept.in_order())

    async def loses(self) -> Offline:
        await self.until(lambda: isinstance(self.client.link, Offline))
        assert isinstance(self.client.link, Offline)
        return self.client.link

    async def ends(self) -> int:
        await self.until(lambda: isinstance(self.client.link, Ended))
        assert isinstance(self.client.link, Ended)
        return self.client.link.code

    # What the tests ask.

    @property
    def kept(self) -> Kept:
        return self.client.kept

    @property
    def here(self) -> UUID:
        return self.kept.in_order()[0].id

    @property
    def bodies(self) -> list[str | None]:
        return [entry.body for entry in self.kept.conversation(self.here).log.entries if entry.kind == "message"]

    def write(self, body: str) -> Draft:
        return self.client.write(self.here, body)

    async def gets(self, *bodies: str | None) -> None:
        """Wait until these are the last messages here."""
        await self.until(lambda: self.bodies[-len(bodies) :] == list(bodies))

    async def delivers(self) -> None:
        """Wait until everything written is answered, and stored by everybody else."""
        here = self.kept.conversation(self.here)
        await self.until(lambda: not self.kept.outbox.of(here.id) and all(other.delivered_seq == here.log.cursor for other in here.others))
