"""Long poll: what a device missed, at once or as soon as there is something. For networks where sockets do not live."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from accounts.actions import devices
from accounts.authentication import IN_SCOPE, token_from_headers
from accounts.errors import OriginRefused
from accounts.models import Device
from accounts.origins import origin_is_ours
from accounts.pace import pace
from chat import frames, reading
from chat.actions.marks import Progress
from chat.engine import engine
from chat.errors import FrameTooBig, MalformedFrame, TooFast
from core import clock, strict_json
from core.errors import DomainError, TryAgain, Unauthenticated, UnsupportedMediaType
from live.pool import read

log = logging.getLogger(__name__)

MOST_WAITING = 3  # polls of one person at a time
HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Waiter:
    """An Outlet that only remembers that something happened."""

    def __init__(self, device: Device) -> None:
        self.person_id: UUID = device.person_id
        self.device_id: UUID = device.id
        self.access_version: int = device.person.access_version
        self.happened = asyncio.Event()
        self.followed: list[UUID] = []

    def _wake(self, *_: Any, **__: Any) -> None:
        self.happened.set()

    offer_entry = withdraw = recheck = refresh = _wake

    def offer_marks(self, marks: frames.Marks) -> None:
        """Marks are on the card; they are not worth an answer of their own."""

    def miss_marks(self, conversation_id: UUID) -> None:
        """The same."""

    def compare(self, follows: Any) -> None:
        """The poll ends soon enough by itself."""

    def letters(self, unread: int) -> None:
        """The answer says how many there are."""

    def budget(self, step: int, used: int, budget: int) -> None:
        """Who polls asks at `me/data`."""

    def conversation_ids(self) -> Iterable[UUID]:
        return self.followed

    def tick(self, at: float) -> None:
        """A poll has its own end."""


async def poll(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application behind POST /api/v1/poll; anything else at this address is Django's to refuse."""
    try:
        answer = await _answer(scope, receive)
        await respond(send, 200, msgspec.json.encode(answer))
    except DomainError as problem:
        await respond_with(send, problem)
    except Exception as problem:
        log.exception("poll_failed problem=%s", type(problem).__name__)
        await respond_with(send, TryAgain(retry_after=2))


async def _answer(scope: Scope, receive: Receive) -> frames.Polled:
    headers = dict(scope["headers"])
    device = await let_in(headers)
    scope[IN_SCOPE] = (device.person_id, device.id)  # whose data this is: backend/metering.py counts
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
        raise UnsupportedMediaType
    if wait := pace().take(str(device.id)):
        raise TooFast(retry_after=wait)
    command = await _command(receive)
    waiter = Waiter(device)
    hub = engine().hub
    if sum(isinstance(outlet, Waiter) for outlet in hub.of(device.person_id)) >= MOST_WAITING:
        raise TooFast(retry_after=5)
    waiter.followed = list(command.cursors)
    hub.add(waiter)  # before reading, so that nothing falls in between
    try:
        answer = await _read(headers, device, command)
        if not answer.resync:
            _mark_delivered(device, command)
        if command.wait and not answer.news and not answer.resync and not hub.is_draining:
            await _wait(waiter, receive, command.wait)
            answer = await _read(headers, device, command)
    finally:
        hub.remove(waiter)
    return answer


async def _read(headers: dict[bytes, bytes], device: Device, command: frames.Poll) -> frames.Polled:
    """Ask for access again after reading: what was read while it still held was committed before it ended."""
    answer = await read(reading.polled, device.person_id, command, now=clock.now())
    await let_in(headers)
    return answer


async def _wait(waiter: Waiter, receive: Receive, seconds: int) -> None:
    """Until something happens, the time is over, or the device has hung up."""
    tasks = [asyncio.ensure_future(waiter.happened.wait()), asyncio.ensure_future(receive())]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _mark_delivered(device: Device, command: frames.Poll) -> None:
    """A device that asks for what comes after a seq has stored what comes before."""
    for conversation_id, seq in command.cursors.items():
        if seq:
            engine().mark(Progress(device.person_id, conversation_id, delivered=seq), lambda _: None)


async def let_in(headers: dict[bytes, bytes]) -> Device:
    """:raises Unauthenticated: :raises OriginRefused:"""
    found = token_from_headers(headers)
    if found is None:
        raise Unauthenticated
    token, by_cookie = found
    if by_cookie and not _origin_is_ours(headers):
        raise OriginRefused
    device = await read(devices.authenticate, token, now=clock.now())
    if device is None:
        raise Unauthenticated
    return device


def _origin_is_ours(headers: dict[bytes, bytes]) -> bool:
    origin = headers.get(b"origin", b"").decode("latin-1") or None
    return origin_is_ours(origin, host=headers.get(b"host", b"").decode("latin-1"), secure=settings.MAATJE_HTTPS)


async def _command(receive: Receive) -> frames.Poll:
    """:raises MalformedFrame: :raises FrameTooBig:"""
    try:
        return msgspec.convert(strict_json.loads(await body_of(receive)), frames.Poll)
    except strict_json.NotJSON:
        raise MalformedFrame(problem="not JSON, or a key that is there twice") from None
    except msgspec.ValidationError as problem:
        raise MalformedFrame(problem=str(problem)[:200]) from None


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request. :raises FrameTooBig:"""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > frames.MAX_FRAME:
            raise FrameTooBig
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(body)


async def respond(send: Send, status: int, body: bytes, *, headers: Iterable[tuple[bytes, bytes]] = HEADERS) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


async def respond_with(send: Send, problem: DomainError) -> None:
    """A refusal, in the shape that every client reads."""
    headers = [*HEADERS]
    if problem.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if (retry_after := problem.facts.get("retry_after")) is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    await respond(send, problem.status, msgspec.json.encode(problem.as_dict()), headers=headers)
