"""A websocket client that costs little, so that thousands fit in one process and the load leaves the cores to the server."""

import asyncio
import base64
import os
import random
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_ABNORMAL = 1006  # RFC 6455 §7.1.5: gone without a close frame


class Refused(Exception):
    """The server did not upgrade the connection."""


class Wire(asyncio.Protocol):
    """One open socket: whole text frames in and out. `closed` is told once, with the close code."""

    __slots__ = ("_buffer", "_close_code", "_request", "_upgraded", "closed", "heard", "transport")

    transport: asyncio.Transport

    def __init__(self, request: bytes, *, heard: Callable[[bytes], None], closed: Callable[[int], None]) -> None:
        self._request = request
        self._buffer = b""
        self._upgraded: asyncio.Future[None] | None = asyncio.get_running_loop().create_future()
        self._close_code = _ABNORMAL
        self.heard = heard
        self.closed = closed

    async def upgraded(self) -> None:
        """:raises Refused: with the status line."""
        assert self._upgraded is not None  # awaited once, by `connect`
        await self._upgraded
        self._upgraded = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self.transport.write(self._request)

    def connection_lost(self, problem: Exception | None) -> None:
        if self._upgraded is not None and not self._upgraded.done():
            self._upgraded.set_exception(Refused("the connection was lost"))
        else:
            self.closed(self._close_code)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if self._upgraded is not None and not self._upgraded.done():
            self._read_answer(self._upgraded)
        else:
            self._read_frames()

    def _read_answer(self, upgraded: asyncio.Future[None]) -> None:
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        self._buffer = rest
        if head.startswith(b"HTTP/1.1 101"):
            upgraded.set_result(None)
            self._read_frames()
        else:
            upgraded.set_exception(Refused(head.split(b"\r\n")[0].decode("latin-1")))
            self.transport.abort()

    def _read_frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1] & 0x7F, at + 2
            if size >= 126:
                extended = 2 if size == 126 else 8
                size, start = int.from_bytes(buffer[start : start + extended], "big"), start + extended
            if len(buffer) < start + size or start > len(buffer):
                break
            self._take(buffer[at] & 0x0F, buffer[start : start + size])
            at = start + size
        self._buffer = buffer[at:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self.heard(payload)
        elif opcode == _PING:
            self._write(_PONG, payload)
        elif opcode == _CLOSE:
            self._close_code = int.from_bytes(payload[:2], "big") or 1005
            self._write(_CLOSE, payload[:2])
            self.transport.close()

    def send(self, text: bytes) -> None:
        self._write(_TEXT, text)

    def _write(self, opcode: int, payload: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(_masked(opcode, payload))

    def abort(self) -> None:
        self.transport.abort()


def _masked(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    head = bytes((0x80 | opcode, 0x80 | size)) if size < 126 else bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    mask = random.getrandbits(32).to_bytes(4, "big")  # a proxy's protection, not ours
    long_mask = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(long_mask, "big")).to_bytes(size, "big")


async def connect(url: str, *, heard: Callable[[bytes], None], closed: Callable[[int], None], headers: str = "") -> Wire:
    """Open a socket. :raises Refused: :raises OSError:"""
    parts = urlsplit(url)
    assert parts.hostname is not None and parts.port is not None  # our own servers' addresses
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.hostname}:{parts.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(request, heard=heard, closed=closed), parts.hostname, parts.port)
    await wire.upgraded()
    return wire
