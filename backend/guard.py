"""What Django's middleware never sees: upgrades and long polls pass here first."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from core.errors import BodyTooBig, DomainError, HostRefused, UnsupportedMediaType

SOCKETS = frozenset({"/api/v1/socket", "/console/live"})
_UTF8 = re.compile(rb"charset\s*=\s*\"?utf-?8\"?\s*(;|$)")
_UPLOAD = re.compile(r"/api/v1/conversations/[0-9a-f-]{36}/media/[0-9a-f-]{36}")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Guard:
    """Refuse foreign hosts and unknown socket paths before anything else looks at them."""

    def __init__(self, application: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket" and not (_host_is_ours(scope) and scope["path"] in SOCKETS):
            await receive()
            await send({"type": "websocket.close"})  # before accept: the server answers 403
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.application(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read no more of a body than anything of ours takes, whatever length was announced."""
        if not _host_is_ours(scope):
            await _refuse(send, HostRefused())
            return
        if not _says_utf8(scope):
            await _refuse(send, UnsupportedMediaType())
            return
        limit = _most_bytes(scope)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        size = int(announced) if announced.isdigit() and len(announced) < 20 else 0

        async def counted() -> dict[str, Any]:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise BodyTooBig
            return message

        if size > limit:
            await _refuse(send, BodyTooBig(limit=limit))
            return
        size = 0
        try:
            await self.application(scope, counted, send)
        except BodyTooBig:
            await _refuse(send, BodyTooBig(limit=limit))


def _says_utf8(scope: Scope) -> bool:
    """Forms are UTF-8. Django decodes them with whatever codec their sender names, and some of Python's take for ever."""
    types = [value.lower().lstrip() for name, value in scope["headers"] if name == b"content-type"]
    named = [value for value in types if b"charset" in value and not value.startswith(b"application/json")]
    return all(_UTF8.search(value) and value.count(b"charset") == 1 for value in named)


def _most_bytes(scope: Scope) -> int:
    """Photos and voice notes are the only big bodies, and have one address."""
    is_upload = scope["method"] == "PUT" and _UPLOAD.fullmatch(scope["path"])
    limit: int = settings.MAATJE_UPLOAD_BYTES if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return limit


async def _refuse(send: Send, problem: DomainError) -> None:
    body = json.dumps(problem.as_dict()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _host_is_ours(scope: Scope) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return False
    domain, _ = split_domain_port(hosts[0].decode("latin-1"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


async def _lifespan(receive: Receive, send: Send) -> None:
    """Servers that announce start and stop get their answer; what must happen then happens in `manage.py serve`."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
