"""What a server does for notices: it sends them and keeps house in a thread with a loop of its own, or tells those who send who is reading."""

import asyncio
import logging
import threading
from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from notifications import presence
from notifications.outfit import ways
from notifications.worker.main import LAST_SECONDS, Worker

log = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0  # that the server's loop may take to say who is here; without it a phone may ring in somebody's hand

_inside: "Inside | None" = None
_keeping: "asyncio.Task[None] | None" = None


class Inside:
    """The worker of the embedded default: neither the server nor it waits for the other."""

    def __init__(self) -> None:
        self._server = asyncio.get_running_loop()
        self._worker: Worker | None = None
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="maatje-worker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except Exception as problem:  # people talk on without notices
            log.error("worker_broke problem=%s", type(problem).__name__)  # noqa: TRY400  # a traceback may hold an address

    async def _work(self) -> None:
        self._worker = Worker(ways(), here=self._here)
        if self._is_stopping:
            self._worker.stop()
        await self._worker.run()

    async def _here(self) -> Collection[UUID]:
        async def ask() -> Collection[UUID]:
            return presence.here()

        answer = asyncio.run_coroutine_threadsafe(ask(), self._server)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(answer), ANSWER_SECONDS)
        except TimeoutError:
            return ()

    def stop(self) -> None:
        self._is_stopping = True
        if self._worker is not None:
            self._worker.stop()

    def wait(self) -> None:
        self._thread.join(LAST_SECONDS)


def start() -> None:
    """Begin; called on the server's loop."""
    global _inside, _keeping
    if settings.MAATJE_WORKER_INSIDE and _inside is None:
        _inside = Inside()
    if (settings.REDIS_URL or not settings.MAATJE_WORKER_INSIDE) and _keeping is None:
        _keeping = asyncio.ensure_future(presence.keep())


def stop() -> None:
    """Take nothing more; does not wait."""
    global _keeping
    if _keeping is not None:
        _keeping.cancel()
        _keeping = None
    if _inside is not None:
        _inside.stop()


async def ended() -> None:
    """Wait until what was under way is settled."""
    global _inside
    if _inside is not None:
        await asyncio.to_thread(_inside.wait)
        _inside = None
