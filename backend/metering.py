"""Count what HTTP exchanges cost the devices that make them; backend/asgi.py wraps the HTTP side of the application in it.

Who is asked for a device leaves it in the scope (`accounts.authentication.IN_SCOPE`). The files of the page ask nobody: there
the cookie says whose they are, looked up after the answer went out and remembered for a minute, as a digest of its token.
Heads are counted as HTTP/1.1 writes them; what a proxy in front of us compresses is cheaper than we say.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from knox.crypto import hash_token

from accounts.authentication import IN_SCOPE, token_from_headers
from accounts.models import Device
from backend.guard import Receive, Scope, Send
from core import clock
from live.brief_memory import BriefMemory
from live.meter import KEPT_OPEN, Meter
from live.pool import read

log = logging.getLogger(__name__)

Owner = tuple[UUID, UUID]  # person and device

REMEMBERED = 60.0  # seconds
MOST_LOOKED_UP = 100  # cookies at a time; what comes on top is not counted, because nobody waits for it
OF_THE_SERVER = 27  # a line that the server itself adds to its answer: 16 bytes on Daphne, 37 on uvicorn
_NO_BODY = frozenset({204, 304})


class Exchange:
    """One request and its answer, in bytes."""

    def __init__(self, scope: Scope) -> None:
        target = scope.get("raw_path") or quote(scope["path"]).encode()
        query = scope.get("query_string", b"")
        self._has_body = scope["method"] != "HEAD"
        self.up = len(f"{scope['method']}  HTTP/1.1\r\n\r\n") + len(target) + (len(query) + 1 if query else 0)
        self.up += _size_of(header for header in scope["headers"] if not header[0].startswith(b"x-forwarded-"))  # a proxy's, not a phone's
        self.down = 0

    def came(self, message: dict[str, Any]) -> None:
        self.up += len(message.get("body", b""))

    def went(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            status = message["status"]
            self._has_body = self._has_body and status not in _NO_BODY
            self.down += len(f"HTTP/1.1 {status} {_phrase_of(status)}\r\n\r\n") + _size_of(message.get("headers", ())) + OF_THE_SERVER
        elif self._has_body:
            self.down += len(message.get("body", b""))


class Metering:
    """Hands every exchange on as it is, and counts it once it is over."""

    def __init__(self, application: Callable[[Scope, Receive, Send], Awaitable[None]], *, meter: Meter) -> None:
        self._application = application
        self._meter = meter
        self._lately: BriefMemory[Owner, bool] = BriefMemory(seconds=KEPT_OPEN)
        self._owners: BriefMemory[str, Owner | str] = BriefMemory(seconds=REMEMBERED)
        self._waiting: dict[str, list[Exchange]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope)

        async def counting_receive() -> dict[str, Any]:
            message = await receive()
            exchange.came(message)
            return message

        async def counting_send(message: dict[str, Any]) -> None:
            exchange.went(message)
            await send(message)

        try:
            await self._application(scope, counting_receive, counting_send)
        finally:
            self._is_over(scope, exchange)

    def _is_over(self, scope: Scope, exchange: Exchange) -> None:
        if IN_SCOPE in scope:
            self._count(scope[IN_SCOPE], exchange)
        elif not scope["path"].startswith("/api/") and (found := token_from_headers(dict(scope["headers"]))):
            self._count_for(hash_token(found[0]), exchange)

    def _count(self, owner: Owner, exchange: Exchange) -> None:
        is_first = not self._lately.get(owner)
        self._lately.put(owner, True)
        self._meter.exchange(*owner, up=exchange.up, down=exchange.down, is_first=is_first)

    def _count_for(self, digest: str, exchange: Exchange) -> None:
        owner = self._owners.get(digest)
        if isinstance(owner, tuple):
            self._count(owner, exchange)
        elif owner is None and (digest in self._waiting or len(self._waiting) < MOST_LOOKED_UP):
            self._waiting[digest].append(exchange)
            if len(self._waiting[digest]) == 1:
                task = asyncio.ensure_future(self._look_up(digest))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _look_up(self, digest: str) -> None:
        """One question for all the files that a page asks for at once."""
        try:
            owner = await read(Device.objects.owner_of, digest, now=clock.now())
            self._owners.put(digest, owner or "nobody")
        except Exception as problem:  # a few bytes go uncounted; the page was served
            log.warning("owner_not_looked_up problem=%s", type(problem).__name__)
            owner = None
        for exchange in self._waiting.pop(digest):
            if owner is not None:
                self._count(owner, exchange)


def _size_of(headers: Any) -> int:
    """Each with its colon, blank and end of line."""
    return sum(len(name) + len(value) + 4 for name, value in headers)


def _phrase_of(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # one of ours that nobody registered
        return ""
