"""A lite device on a socket that is a list, and a whole visit without a server."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec

from accounts.authentication import COOKIE, WHOSE
from accounts.models import Device
from chat.cursors import Cursor, Place
from chat.exchange import CONTENT_TYPE, exchange
from chat.lite import Lite, Offer
from chat.session import LiteSession
from core import clock
from tests.chat.in_process import PATIENCE, InProcess

pack, unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
WELCOME, SENT, PAGE, DONE, PONG, ERROR, HEAD, MARKS, CARD, BYE, BUDGET, UPGRADE = -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12


class LiteSocket:
    """What a device would see: `messages` as they come, each a list of arrays."""

    def __init__(self, process: InProcess, device: Device, offer: Offer) -> None:
        self.messages: list[list[list[Any]]] = []
        self.sizes: list[int] = []
        self.at: list[float] = []
        self.closed: int | None = None
        codec = Lite(device_id=device.id, offer=offer, now=clock.now())
        self.session = LiteSession(device, codec=codec, backstage=process.backstage, push=self._push, close=self._close)
        self.session.start()
        process.hub.add(self.session)
        process.sockets.append(self)  # type: ignore[arg-type]  # it has the session, which is what the process looks at

    def _push(self, data: bytes) -> None:
        value = unpack(data)
        self.messages.append(value if isinstance(value[0], list) else [value])
        self.sizes.append(len(data))
        self.at.append(time.monotonic())

    def _close(self, code: int) -> None:
        self.closed = int(code)

    def say(self, *arrays: list[Any]) -> None:
        self.session.receive(pack(arrays[0] if len(arrays) == 1 else list(arrays)))

    def ack(self) -> None:
        self.say([-3, len(self.messages)])

    @property
    def arrays(self) -> list[list[Any]]:
        return [array for message in self.messages for array in message]

    def of(self, number: int) -> list[list[Any]]:
        return [array for array in self.arrays if array[0] == number]

    def entries(self) -> list[list[Any]]:
        return [array for array in self.arrays if array[0] >= 0]


async def opened(process: InProcess, device: Device, **offer: Any) -> LiteSocket:
    socket = LiteSocket(process, device, Offer(**offer))
    await process.settle()
    return socket


async def until(is_so: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """For what a low-data device is given in its own time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "It does not come."
        await asyncio.sleep(0.001)


def cheap(device: Device) -> Device:
    """The same phone, of somebody who chose low data."""
    device.person.low_data = True
    device.person.save(update_fields=["low_data"])
    return device


def cursor_of(arrays: list[list[Any]], **seqs: int) -> Cursor:
    """Where a device is that stored what one wire said, up to these seqs by slot (`s1=4`); the marks as the cards had them."""
    (welcome,) = [array for array in arrays if array[0] == WELCOME and len(array) > 2]
    places = {}
    for card in (array for array in arrays if array[0] == CARD):
        marks = sum(_nth(m, 4) + (_nth(m, 3) if m[0] != card[5] else 0) for m in card[9])
        places[card[1]] = Place(seqs.get(f"s{card[1]}", card[7]), card[8], marks)
    return Cursor(welcome[2], places)


def _nth(member: list[Any], index: int) -> int:
    return (member[index] if index < len(member) else 0) or 0


def cursor_bytes(cursor: Cursor) -> bytes:
    return pack([cursor.life, *(number for slot, place in cursor.places.items() for number in (slot, *place))])


async def post(token: str, *arrays: list[Any], by_cookie: bool = False, content_type: bytes = CONTENT_TYPE) -> tuple[int, Any]:
    """POST /lite: the status, and what the body says."""
    body, answered = pack(list(arrays)), []
    who = (b"cookie", f"{COOKIE}={token}; {WHOSE}=1".encode()) if by_cookie else (b"authorization", f"Bearer {token}".encode())

    coming = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        while not coming:
            await asyncio.sleep(1)
        return coming.pop()

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/lite", "headers": [who, (b"content-type", content_type), (b"host", b"localhost")]}
    await exchange(scope, receive, send)
    start, said = answered
    is_lite = dict(start["headers"])[b"content-type"] == CONTENT_TYPE
    if not is_lite:
        return start["status"], msgspec.json.decode(said["body"])
    value = unpack(said["body"])
    return start["status"], value if isinstance(value[0], list) else [value]
