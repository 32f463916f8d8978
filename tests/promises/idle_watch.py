"""Phones that lie on a table: opened when the run begins, looked at when it ends, so that waiting costs its time once."""

import asyncio
import threading
import time
from concurrent.futures import Future
from typing import Any

from tests.promises import houses
from tests.promises.device import Device
from tests.promises.words import words

SERVERS = ["daphne", "uvicorn"] * 3
LAYERS = ["no layer", "no layer", "a live layer", "a live layer", "a dead layer", "a dead layer"]

A_SWEEP = 4.0  # seconds after coming in which a process without a layer may still tell what it missed


class IdleWatch:
    """One idle phone on each process of the house on every layer, in a thread and a loop of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.phones: dict[str, Device] = {}
        self._opened: Future[float] = asyncio.run_coroutine_threadsafe(self._open(), self.loop)

    async def _open(self) -> float:
        self.house = await asyncio.to_thread(houses.on_every_layer)
        self.group = await self.house.office.ask("circle", kind="peer_group", size=7)
        for place, holder in enumerate(self.group["people"][:6]):
            phone = self.house.device(holder, self.group["conversation"], at=place)
            await phone.connect()
            self.phones[f"{SERVERS[place]} with {LAYERS[place]}"] = phone
        return time.monotonic()

    async def after(self, seconds: float) -> dict[str, Any]:
        """When they have lain there for so long: which of them is still open, was closed, answers, and hears others."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._look(seconds), self.loop))

    async def _look(self, seconds: float) -> dict[str, Any]:
        opened_at = await asyncio.wrap_future(self._opened)
        await asyncio.sleep(max(0, opened_at + seconds - time.monotonic()))
        said = words("are you still there")
        found = {}
        for what, phone in self.phones.items():
            idle = [frame["type"] for at, frame in phone.frames if at > opened_at + A_SWEEP]
            pong = (await phone.request("ping"))["type"] if phone.is_open else None
            found[what] = {"open": phone.is_open, "codes": list(phone.close_codes), "heard meanwhile": idle, "answers": pong}
        seven = self.house.rest(self.group["people"][6])
        await seven.post(f"conversations/{self.group['conversation']}/entries", {"draft_id": self.group["circle"], "body": said})
        for what, phone in self.phones.items():
            await phone.hears(said, seconds=5)
            found[what]["hears"] = phone.knows(said)
            await phone.drop()
        return found
