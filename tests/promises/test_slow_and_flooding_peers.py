"""Peers that never read or never stop cost bounded memory, are let go with a code, and nobody else notices."""

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from tests.promises import houses
from tests.promises.bystanders import notice_nothing
from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.words import words

pytestmark = [pytest.mark.delivery, pytest.mark.timeout(90), pytest.mark.alone]

BODY = words("").ljust(2_000, "𓂀")  # some 8 kB
WARM_UP = 700
MEASURED = 5_000  # 40 MB
BOUND_MB = 25  # of the 40 sent, and no more of 60; the first such peer also warms what every server loads once


@pytest.fixture(params=["daphne", "uvicorn"])
def generous_house(request: pytest.FixtureRequest) -> House:
    """A server that lets people speak as fast as they like, but waits only two seconds for an ack."""
    return houses.generous(request.param)


class DeafPhone:
    """A peer that shakes hands and then never reads a byte until it is told to."""

    def __init__(self, house: House, holder: dict[str, str]) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", house.server.port))
        self.socket.settimeout(5)
        self.socket.sendall(
            f"GET /api/v1/socket HTTP/1.1\r\nHost: 127.0.0.1:{house.server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: maatje.v1.json\r\n"
            f"Authorization: Bearer {holder['token']}\r\n\r\n".encode()
        )
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self.socket.recv(1)
        assert b" 101 " in answer
        self.say({"type": "resume", "ref": 1})

    def __enter__(self) -> "DeafPhone":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, frame: dict[str, object]) -> None:
        """A masked text frame (RFC 6455 §5.2) with a mask of zeros."""
        data = json.dumps(frame).encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + data)

    async def ask(self, count: int, frame: dict[str, object]) -> None:
        """Say it over and over, until the other end has had enough."""
        for ref in range(count):
            try:
                self.say(frame | {"ref": ref})
            except OSError:
                return
            await asyncio.sleep(0.002)


class TestAPeerThatNeverReads:
    async def test_costs_little_and_is_closed_4008(self, generous_house: House) -> None:
        house = generous_house
        group = await house.office.ask("circle", kind="peer_group", size=3)
        conversation = group["conversation"]
        async with house.device(group["people"][0]) as one:
            async with _others_notice_nothing(house, bound=1.0):
                await _talk(one, conversation, WARM_UP)
            slow, before = await _closed_slow(house), house.memory()  # in this order: the first page that is asked for loads them all
            with DeafPhone(house, group["people"][1]):
                async with _others_notice_nothing(house, bound=1.0):
                    await _talk(one, conversation, MEASURED)

                assert house.memory() - before <= BOUND_MB
                await _closed_as_slow(house, more_than=slow)

    async def test_that_asks_and_asks_is_closed_too(self, generous_house: House) -> None:
        house = generous_house
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as one:
            await _talk(one, pair["conversation"], 50)
        slow, before = await _closed_slow(house), house.memory()
        with DeafPhone(house, pair["people"][1]) as deaf:
            async with _others_notice_nothing(house, bound=1.0):
                await deaf.ask(1_200, {"type": "history", "conversation": pair["conversation"], "limit": 50})

            assert house.memory() - before <= BOUND_MB
            await _closed_as_slow(house, more_than=slow)


class TestAPeerThatNeverStops:
    @pytest.mark.parametrize(
        ("frame", "code"),
        [
            (lambda: json.dumps({"type": "ping", "ref": 1}).ljust(16_384), 4029),
            (
                lambda: json.dumps(
                    {"type": "send", "ref": 1, "conversation": str(uuid4()), "draft_id": str(uuid4()), "body": "x" * 15_000}
                ),
                4029,
            ),
            (lambda: "x" * 16_384, 4400),
        ],
        ids=["pings", "sends", "garbage"],
    )
    async def test_is_let_go(self, either_house: House, frame: Callable[[], str], code: int) -> None:
        house = either_house
        pair = await house.office.ask("circle")
        async with house.device(pair["people"][0]) as flooder:
            await flooder.request("ping")
            before = house.memory()
            raw = frame()
            async with _others_notice_nothing(house, bound=0.5):
                end = time.monotonic() + 3
                while flooder.is_open and time.monotonic() < end:
                    await flooder.say_raw(raw)
                    await asyncio.sleep(0.002)  # 8 MB/s

            assert await flooder.ended(seconds=2) == code
            assert flooder.byes[-1]["code"] == code
            assert flooder.byes[-1]["retry_after"] > 0
            assert house.memory() - before <= BOUND_MB


async def _talk(phone: Device, conversation: str, count: int) -> None:
    """Say something long this often, as fast as it is answered."""
    for start in range(0, count, 100):
        drafts = [await phone.write(conversation, BODY) for _ in range(min(100, count - start))]
        await phone.until(lambda drafts=drafts: all(phone.answers[draft.draft_id] for draft in drafts), seconds=20)  # type: ignore[misc]  # a bound default
        phone.frames.clear()


async def _closed_slow(house: House) -> int:
    """How many sockets this server closed with 4008; a peer that never reads cannot tell."""
    metrics = (await house.rest().get("/metrics")).body
    found = re.search(r'^\S*closed\S*\{code="4008"\} (\S+)', metrics, re.MULTILINE)
    return int(float(found[1])) if found else 0


async def _closed_as_slow(house: House, *, more_than: int) -> None:
    for _ in range(50):
        if await _closed_slow(house) > more_than:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it was not closed with 4008")


@asynccontextmanager
async def _others_notice_nothing(house: House, *, bound: float) -> AsyncIterator[None]:
    """Two others talk meanwhile; the median of their messages must not take longer than this."""
    pair = await house.office.ask("circle")
    phone, peer = (house.device(holder) for holder in pair["people"])
    async with notice_nothing(phone, peer, pair["conversation"], bound=bound):
        yield
