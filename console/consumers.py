"""The socket of the live pages: it says `changed` and nothing else; what changed is asked for over HTTP, where the gate stands."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from time import monotonic
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from accounts.models import Person
from accounts.origins import origin_is_ours
from accounts.staff_sign_in.door import may_enter
from console.watching import watch
from live.close_codes import CloseCode
from live.pool import read
from moderation.permissions import Permission, permissions_of
from programmes.models import OrganisationMember

WATCHERS = frozenset({Permission.SEE_QUEUE, Permission.SEE_CIRCLES, Permission.DECIDE_APPEAL})
MOST_PAGES = 20  # of one person at a time

Send = Callable[[dict[str, Any]], Awaitable[None]]


class LiveConsumer:
    """One page that watches. Whatever it sends is not read."""

    def __init__(self, scope: dict[str, Any], send: Send) -> None:
        self.scope, self._send = scope, send
        self.organisation_ids: frozenset[UUID] = frozenset()
        self.person_id: UUID | None = None
        self.checked_at = monotonic()
        self.seen = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("seen", [""])[0]

    async def run(self, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        await receive()
        await self._send({"type": "websocket.accept"})
        code = await self._let_in()
        if code is not None:
            await self._send({"type": "websocket.close", "code": int(code)})
            return
        watch.add(self)
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            watch.remove(self)

    def tell(self) -> None:
        self._say({"type": "websocket.send", "text": "changed"})

    def leave(self) -> None:
        self._close(CloseCode.RESTART)

    async def recheck(self) -> None:
        self.checked_at = monotonic()
        if not await self._recognise():
            self._close(CloseCode.SIGNED_OUT)

    async def _let_in(self) -> CloseCode | None:
        """Nothing, or why not."""
        headers = dict(self.scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1") or None
        secure = self.scope.get("scheme") == "wss" or settings.MAATJE_HTTPS
        if not origin_is_ours(origin, host=headers.get(b"host", b"").decode("latin-1"), secure=secure):
            return CloseCode.ORIGIN_REFUSED
        if not await self._recognise():
            return CloseCode.SIGNED_OUT
        own = [one for one in watch.watchers if isinstance(one, LiveConsumer) and one.person_id == self.person_id]
        return CloseCode.TOO_MANY_SOCKETS if len(own) >= MOST_PAGES else None

    async def _recognise(self) -> bool:
        cookies = parse_cookie(dict(self.scope["headers"]).get(b"cookie", b"").decode("latin-1"))
        found = await read(_watcher, cookies.get(settings.SESSION_COOKIE_NAME, ""))
        if found is not None:
            self.person_id, self.organisation_ids = found
        return found is not None

    def _close(self, code: CloseCode) -> None:
        watch.remove(self)
        self._say({"type": "websocket.close", "code": int(code)})

    def _say(self, message: dict[str, Any]) -> None:
        asyncio.ensure_future(self._try(message))  # noqa: RUF006  # its end interests nobody: a page that is gone misses nothing

    async def _try(self, message: dict[str, Any]) -> None:
        try:
            await self._send(message)
        except Exception:  # noqa: S110  # the peer is gone; servers differ in how they say so
            pass


async def live(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    """The ASGI application of one socket."""
    await LiveConsumer(scope, send).run(receive)


def _watcher(session_key: str) -> tuple[UUID, frozenset[UUID]] | None:
    """Whose session this is and of which organisations they are, if they may watch. The same door as every page's."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    request.user = get_user(request)
    if not may_enter(request) or not isinstance(request.user, Person) or not permissions_of(request.user) & WATCHERS:
        return None
    organisations = OrganisationMember.objects.of(request.user.id).values_list("organisation_id", flat=True)
    return request.user.id, frozenset(organisations)
