"""From this process to the others, through the channel layer. It may lose anything; nothing depends on it.

One group for all processes and one message for all that happened meanwhile: with group commit that is one publish a
batch. Publishing happens off the send path, under a time limit; while the layer is silent the sweep looks more often.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer

from live import metrics

log = logging.getLogger(__name__)

GROUP = "maatje.live"
LAYER_SECONDS = 1.0
HEARTBEAT_SECONDS = 2.0
SILENT_AFTER = 5.0
MOST_WAITING = 2_000


class Relay:
    """Publishes hints and hears those of the other processes; heals itself whenever the layer comes back."""

    def __init__(self, heard: Callable[[dict[str, Any]], None], healed: Callable[[], None]) -> None:
        self._heard = heard
        self._healed = healed
        self._me = uuid4().hex
        self._waiting: list[dict[str, Any]] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._last_heard = 0.0
        self.dropped = 0
        layer = get_channel_layer()
        self._layer = None if isinstance(layer, InMemoryChannelLayer) else layer
        metrics.LAYER_IS_HEALTHY.set(self._layer is None)

    def start(self) -> None:
        if self._layer is not None:
            self._tasks = [asyncio.ensure_future(work()) for work in (self._publish_all, self._listen, self._beat)]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    @property
    def is_healthy(self) -> bool:
        """Whether our own heartbeat came back lately; one process alone needs no layer."""
        return self._layer is None or time.monotonic() - self._last_heard < SILENT_AFTER

    def publish(self, hint: dict[str, Any]) -> None:
        """Queue a hint for the others; drops it when the layer has been away for long."""
        if self._layer is None:
            return
        if len(self._waiting) >= MOST_WAITING:
            self.dropped += 1
            metrics.DROPPED_HINTS.inc()
            return
        self._waiting.append(hint)
        self._wake.set()

    async def _publish_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            waiting, self._waiting = self._waiting, []
            if not await self._send(waiting):
                await asyncio.sleep(LAYER_SECONDS)

    async def _send(self, hints: list[dict[str, Any]]) -> bool:
        assert self._layer is not None  # started only with a layer
        message = {"type": "live.hints", "from": self._me, "hints": hints}
        try:
            await asyncio.wait_for(self._layer.group_send(GROUP, message), LAYER_SECONDS)
        except Exception as problem:  # the layer may fail in any way it likes; the sweep covers for it
            self.dropped += len(hints)
            metrics.DROPPED_HINTS.inc(len(hints))
            log.warning("relay_publish_failed problem=%s dropped=%d", type(problem).__name__, self.dropped)
            return False
        return True

    async def _beat(self) -> None:
        while True:
            await self._send([])
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_until_it_breaks()
            except Exception as problem:  # as above
                log.warning("relay_listen_failed problem=%s", type(problem).__name__)
            await asyncio.sleep(LAYER_SECONDS)

    async def _listen_until_it_breaks(self) -> None:
        assert self._layer is not None  # started only with a layer
        metrics.LAYER_IS_HEALTHY.set(0)
        channel = await asyncio.wait_for(self._layer.new_channel("live"), LAYER_SECONDS)
        await asyncio.wait_for(self._layer.group_add(GROUP, channel), LAYER_SECONDS * 3)
        while True:
            message = await asyncio.wait_for(self._layer.receive(channel), SILENT_AFTER)
            was_silent = not self.is_healthy
            metrics.LAYER_IS_HEALTHY.set(1)
            self._last_heard = time.monotonic()
            if was_silent:
                self._healed()
            if message["from"] == self._me:
                continue
            for hint in message["hints"]:
                self._hear(hint)

    def _hear(self, hint: dict[str, Any]) -> None:
        try:
            self._heard(hint)
        except Exception as problem:  # another release may speak another dialect; the sweep covers for it
            log.warning("relay_hint_refused problem=%s", type(problem).__name__)
