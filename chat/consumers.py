"""The websocket edge: let a device in, carry frames between it and its session, decide nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from msgspec import UNSET

from accounts import policy
from accounts.actions import data_use, devices
from accounts.authentication import token_from_headers
from accounts.errors import Suspended
from accounts.models import Device
from accounts.origins import origin_is_ours
from accounts.pace import pace
from chat import frames, reading
from chat.codec import Json, encode
from chat.engine import engine
from chat.lite import Lite, goodbye, read_offer
from chat.session import LiteSession, Session
from core import clock
from live.close_codes import CloseCode
from live.meter import meter
from live.pool import read

log = logging.getLogger(__name__)


class Refusal(Exception):
    """This socket is not let in."""

    def __init__(self, code: CloseCode, *, retry_after: int | None = None) -> None:
        self.code = code
        self.retry_after = retry_after


class DeviceConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels is not typed
    """Carry frames between one device and its session.

    It reads its own messages instead of Channels' dispatcher: that one takes a channel of the layer and a hop to the
    database thread for every frame, and both cost more than the frame (docs/adr/0005-servers.md).
    """

    session: Session | None = None
    _is_lite = False

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        self.scope = scope
        self.base_send = send
        self._outbox: list[dict[str, Any]] = []
        self._flushing: asyncio.Task[None] | None = None
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                if message["type"] == "websocket.receive":
                    self._receive(message)
                else:
                    await self._connect()
        finally:
            if self.session is not None:
                self.session.end()

    def _receive(self, message: dict[str, Any]) -> None:
        if self.session is not None and not self.session.is_gone:
            text, data = message.get("text"), message.get("bytes")
            said: str | bytes = text or "" if data is None else data
            meter.frame_up(self.session.person_id, self.session.device_id, len(said.encode() if isinstance(said, str) else said))
            self.session.receive(said)

    async def _connect(self) -> None:
        offered = self.scope.get("subprotocols", [])
        protocol = next((name for name in offered if name in {frames.PROTOCOL, frames.LITE}), None)
        self._is_lite = protocol == frames.LITE
        await self.accept(protocol)
        try:
            device, epoch = await self._let_in(protocol)
        except Refusal as refusal:
            bye = frames.Bye(refusal.code, UNSET if refusal.retry_after is None else refusal.retry_after)
            self._push(goodbye(bye) if self._is_lite else encode(bye))
            self._close(refusal.code)
            return
        self._make_room(device)
        self.session = self._lite_session(device, offered) if self._is_lite else self._json_session(device, epoch)
        engine().hub.add(self.session)  # from here on it can be drained, swept and signed out
        meter.connect(device.person_id, device.id)

    def _json_session(self, device: Device, epoch: UUID) -> Session:
        codec = Json(longest_silence=settings.MAATJE_HEARTBEAT_SECONDS)
        session = Session(device, codec=codec, backstage=engine(), push=self._push, close=self._close)
        session.give(
            frames.Welcome(
                epoch=epoch,
                person=device.person_id,
                device=device.id,
                now=clock.now(),
                heartbeat=settings.MAATJE_HEARTBEAT_SECONDS,
                window=settings.MAATJE_ACK_WINDOW,
            )
        )
        return session

    def _lite_session(self, device: Device, offered: list[str]) -> Session:
        codec = Lite(device_id=device.id, offer=read_offer(offered), now=clock.now())
        session = LiteSession(device, codec=codec, backstage=engine(), push=self._push, close=self._close)
        session.start()
        return session

    async def _let_in(self, protocol: str | None) -> tuple[Device, UUID]:
        """:raises Refusal: with the close code that says why."""
        if protocol is None:
            raise Refusal(CloseCode.UNKNOWN_PROTOCOL)
        if engine().hub.is_draining:
            raise Refusal(CloseCode.RESTART, retry_after=1)
        headers = dict(self.scope["headers"])
        found = token_from_headers(headers)
        if found is None:
            raise Refusal(CloseCode.SIGNED_OUT)
        token, by_cookie = found
        if (by_cookie or b"origin" in headers) and not self._origin_is_ours(headers):
            raise Refusal(CloseCode.ORIGIN_REFUSED)
        try:
            device, epoch, step = await read(_recognise, token)
        except Suspended:
            raise Refusal(CloseCode.SUSPENDED) from None
        if device is None:
            raise Refusal(CloseCode.SIGNED_OUT)
        if wait := pace().take(str(device.id)):  # coming again and again is work too
            raise Refusal(CloseCode.TOO_FAST, retry_after=wait)
        if policy.leaves_no_room_for_a_socket(step):
            raise Refusal(CloseCode.BUDGET)
        return device, epoch

    def _make_room(self, device: Device) -> None:
        """At the cap the socket that was silent for longest goes: a phone that lost its network leaves dead ones behind."""
        sockets = [outlet for outlet in engine().hub.of(device.person_id) if isinstance(outlet, Session)]
        if len(sockets) >= settings.MAATJE_SOCKETS_PER_PERSON:
            min(sockets, key=lambda socket: socket.heard_at).withdraw(CloseCode.TOO_MANY_SOCKETS)

    def _origin_is_ours(self, headers: dict[bytes, bytes]) -> bool:
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1") or None
        return origin_is_ours(origin, host=host, secure=self.scope.get("scheme") == "wss" or settings.MAATJE_HTTPS)

    # What goes out: one task a burst, not one a socket.

    def _push(self, encoded: bytes) -> None:
        if self.session is not None:
            meter.frame_down(self.session.person_id, self.session.device_id, len(encoded))
        self._enqueue(
            {"type": "websocket.send", "bytes": encoded} if self._is_lite else {"type": "websocket.send", "text": encoded.decode()}
        )

    def _close(self, code: int) -> None:
        self._enqueue({"type": "websocket.close", "code": int(code)})

    def _enqueue(self, message: dict[str, Any]) -> None:
        self._outbox.append(message)
        if self._flushing is None:
            self._flushing = asyncio.ensure_future(self._flush())

    async def _flush(self) -> None:
        """Send what waits; on a server with back-pressure this is where a slow peer is waited for."""
        try:
            while self._outbox:
                waiting, self._outbox = self._outbox, []
                for message in waiting:
                    await self.base_send(message)
        except Exception as problem:  # the peer is gone; servers differ in how they say so
            log.debug("socket_gone problem=%s", type(problem).__name__)
            self._outbox.clear()
        finally:
            self._flushing = None


def _recognise(token: str) -> tuple[Device | None, UUID, int]:
    """The device, the epoch, and how far this month's data is used up."""
    now = clock.now()
    device = devices.authenticate(token, now=now)
    step = data_use.standing(device.person, now=now).step if device is not None else 0
    return device, reading.epoch(), step
