"""What HTTP exchanges cost: counted as they are, for who makes them, without keeping anybody waiting."""

import asyncio
import json
import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError

from accounts.authentication import COOKIE, IN_SCOPE, WHOSE
from accounts.models import Device, Person
from backend import metering
from backend.metering import Metering
from live.meter import PER_ACK, PER_PACKET, SETUP_RECEIVED, SETUP_SENT, Count, Meter, in_packets
from tests.conftest import Clock
from tests.factories import make_device
from tests.services.maatje import Maatje

PERSON, PHONE = uuid4(), uuid4()
HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"5")]


def scope_of(path: str = "/w/app.js", *, method: str = "GET", query: bytes = b"", headers: Any = ()) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "query_string": query, "headers": list(headers)}


class Answering:
    """An application that answers `hello`, and says whose data it was when it knows."""

    def __init__(self, *, device: tuple[UUID, UUID] | None = None, status: int = 200) -> None:
        self.device = device
        self.status = status

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.device:
            scope[IN_SCOPE] = self.device
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": self.status, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"hel", "more_body": True})
        await send({"type": "http.response.body", "body": b"lo"})


async def exchange(metered: Metering, scope: dict[str, Any], *body: bytes) -> list[dict[str, Any]]:
    waiting = [{"type": "http.request", "body": part, "more_body": at + 1 < len(body)} for at, part in enumerate(body or (b"",))]
    answer: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        answer.append(message)

    await metered(scope, receive, send)
    return answer


def carried(sent: int, received: int, *, is_first: bool = True) -> tuple[int, int]:
    """With what carries so many bytes in one packet each way."""
    setup = (SETUP_SENT, SETUP_RECEIVED) if is_first else (0, 0)
    return sent + PER_PACKET + PER_ACK + setup[0], received + PER_PACKET + PER_ACK + setup[1]


ANSWER = len("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello") + metering.OF_THE_SERVER


class TestExchanges:
    async def test_are_counted_with_their_heads(self) -> None:
        meter = Meter()
        scope = scope_of("/api/v1/x", method="POST", query=b"a=1", headers=[(b"host", b"here"), (b"x-forwarded-for", b"1.2.3.4")])

        answer = await exchange(Metering(Answering(device=(PERSON, PHONE)), meter=meter), scope, b"12", b"345")

        assert [part["type"] for part in answer] == ["http.response.start", "http.response.body", "http.response.body"]
        request = len("POST /api/v1/x?a=1 HTTP/1.1\r\nhost: here\r\n\r\n12345")
        assert meter.take() == [Count(PERSON, PHONE, *carried(request, ANSWER))]

    @pytest.mark.parametrize(
        ("method", "status", "line"), [("HEAD", 200, "200 OK"), ("GET", 304, "304 Not Modified"), ("GET", 299, "299 ")]
    )
    async def test_count_a_body_where_there_is_one(self, method: str, status: int, line: str) -> None:
        meter = Meter()

        await exchange(Metering(Answering(device=(PERSON, PHONE), status=status), meter=meter), scope_of(method=method))

        [count] = meter.take()
        head = ANSWER - len("200 OK" + "hello") + len(line)
        assert count.received == carried(0, head + (5 if status == 299 else 0))[1]

    async def test_open_a_connection_once_in_a_while(self) -> None:
        meter = Meter()
        metered = Metering(Answering(device=(PERSON, PHONE)), meter=meter)
        sizes = []
        for _ in range(2):
            await exchange(metered, scope_of("/"))
            sizes += [(count.sent, count.received) for count in meter.take()]

        assert sizes == [carried(18, ANSWER), carried(18, ANSWER, is_first=False)]

    async def test_that_break_are_counted_as_far_as_they_came(self) -> None:
        async def breaks(scope: Any, receive: Any, send: Any) -> None:
            scope[IN_SCOPE] = (PERSON, PHONE)
            raise OSError

        meter = Meter()
        with pytest.raises(OSError):
            await exchange(Metering(breaks, meter=meter), scope_of("/"))

        assert [count.sent for count in meter.take()] == [carried(18, 0)[0]]

    @pytest.mark.parametrize("path", ["/", "/api/v1/me"])
    async def test_of_strangers_are_nobodys(self, path: str) -> None:
        meter = Meter()
        headers = (
            [(b"cookie", f"{COOKIE}=mtj_x; {WHOSE}=1".encode())] if path.startswith("/api/") else []
        )  # there the view asks, and did not find them

        await exchange(Metering(Answering(), meter=meter), scope_of(path, headers=headers))

        assert meter.take() == []


class Lookups:
    """A database of one token, which answers when it is let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.free = asyncio.Event()
        self.answer: Any = (PERSON, PHONE)
        monkeypatch.setattr(metering, "read", self._read)

    async def _read(self, _: Any, digest: str, **__: Any) -> Any:
        self.asked.append(digest)
        await self.free.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def until_idle(metered: Metering) -> None:
    async with asyncio.timeout(5):
        while metered._tasks:
            await asyncio.sleep(0)


class TestThePage:
    """Nobody asks there whose cookie it is."""

    @pytest.fixture
    def lookups(self, monkeypatch: pytest.MonkeyPatch) -> Lookups:
        return Lookups(monkeypatch)

    def scope(self, token: str = "mtj_secret") -> dict[str, Any]:
        return scope_of(headers=[(b"cookie", f"{COOKIE}={token}; {WHOSE}=1".encode())])

    async def test_is_served_before_anybody_looks_and_then_counted(self, lookups: Lookups) -> None:
        meter = Meter()
        metered = Metering(Answering(), meter=meter)

        for _ in range(3):
            assert len(await exchange(metered, self.scope())) == 3
        await asyncio.sleep(0)
        assert (len(lookups.asked), meter.take()) == (1, [])
        lookups.free.set()
        await until_idle(metered)
        [count] = meter.take()
        await exchange(metered, self.scope())
        [one_more] = meter.take()

        assert (count.person_id, count.device_id) == (PERSON, PHONE)
        assert count.sent - one_more.sent * 3 == SETUP_SENT
        assert len(lookups.asked) == 1

    async def test_of_nobody_is_asked_about_once(self, lookups: Lookups) -> None:
        meter = Meter()
        metered = Metering(Answering(), meter=meter)
        lookups.answer = None
        lookups.free.set()

        for _ in range(2):
            await exchange(metered, self.scope())
            await until_idle(metered)

        assert (len(lookups.asked), meter.take()) == (1, [])

    async def test_is_served_without_a_database(self, lookups: Lookups) -> None:
        metered = Metering(Answering(), meter=Meter())
        lookups.answer = OperationalError("gone")
        lookups.free.set()

        for _ in range(2):
            assert len(await exchange(metered, self.scope())) == 3
            await until_idle(metered)

        assert len(lookups.asked) == 2

    async def test_keeps_no_token_and_does_not_wait_for_everybody(self, lookups: Lookups, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(metering, "MOST_LOOKED_UP", 2)
        metered = Metering(Answering(), meter=Meter())

        for number in range(5):
            await exchange(metered, self.scope(f"mtj_secret{number}"))
        await asyncio.sleep(0)

        assert len(lookups.asked) == 2
        assert "secret" not in repr((lookups.asked, metered._waiting, metered._owners._kept))
        lookups.free.set()
        await until_idle(metered)
        assert metered._waiting == {}

    def test_is_counted_for_a_device_that_is_signed_in(self, fatima: Person, clock: Clock) -> None:
        device, token = make_device(person=fatima, now=clock())

        assert Device.objects.owner_of(device.digest, now=clock()) == (fatima.id, device.id)
        assert Device.objects.owner_of(device.digest, now=clock.move(days=181)) is None
        assert token not in device.digest


def written(port: int, request: str, headers: list[str], body: str = "") -> bytes:
    length = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([f"{request} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, *length, "", body]).encode()


def talk(port: int, data: bytes) -> bytes:
    """What comes back, on a connection that stays open as a browser's does."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        while not is_whole(answer):
            answer += connection.recv(65_536)
    return answer


def is_whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return length is not None and len(body) >= int(length[1])


class TestARealServer:
    def test_counts_what_a_socket_reads_and_writes(self, tmp_path: Path) -> None:
        server = Maatje(tmp_path / "data")
        try:
            body = json.dumps({"code": server.codes()["Fatima"], "label": "phone"})
            enrolled = talk(server.port, written(server.port, "POST /api/v1/enrol", ["Content-Type: application/json"], body))
            token = json.loads(enrolled.rpartition(b"\r\n\r\n")[2])["token"]
            bearer, cookie = f"Authorization: Bearer {token}", f"Cookie: {COOKIE}={token}; {WHOSE}=1"
            requests = [
                ("GET /api/v1/circles", bearer),
                ("GET /api/v1/conversations?x=1", cookie),
                ("GET /healthz", cookie),
                ("GET /healthz", cookie),
            ]
            asked = [written(server.port, request, [header]) for request, header in requests]
            answered = [talk(server.port, data) for data in asked]
        finally:
            server.stop()  # what was not written yet is written then

        with closing(sqlite3.connect(server.folder / "maatje.sqlite3")) as database:
            [(sent, received)] = database.execute("SELECT sent, received FROM accounts_datause").fetchall()

        for counted, setup, really in ((sent, SETUP_SENT, asked), (received, SETUP_RECEIVED, answered)):
            total = sum(len(data) for data in really)
            assert total > 500
            assert counted - setup - sum(in_packets(len(data)) - len(data) + PER_ACK for data in really) == pytest.approx(total, rel=0.02)
