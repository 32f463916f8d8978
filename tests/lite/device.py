"""A phone on `maatje.v1.lite`: a socket that resumes with its upgrade, acks late, and writes as little as the page allows."""

import asyncio
import base64
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.lite.books import Book
from tests.lite.frames import Bye, Done, Error, Escalated, Flagged, Frame, Page, Pong, Sent, Welcome, pack
from tests.lite.hearing import Asked, Hearing
from tests.lite.meetings import asked as meet
from tests.lite.memory import Memory

SUBPROTOCOL = "maatje.v1.lite"
ACK_SECONDS = 30.0
ACK_EVERY = 16
PATIENCE = 20.0
_REPLIES = (Welcome, Sent, Page, Done, Pong, Error)  # need no ack of their own: the next one holds for them too
_ABNORMAL = 1006
Found = TypeVar("Found")


class Refused(Exception):
    """The server said `error`."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.code)
        self.code = error.code
        self.retry_after = error.retry_after


class Device:
    """One socket at a time of one phone. `payloads` are the messages it got on the present one, `written` the sizes of its own;
    `frames` is all that it ever heard.

    `options` go to `websockets`; `memory` is what the phone kept from earlier connections. `told` is called with each frame.
    """

    def __init__(
        self, url: str, token: str, *, books: Sequence[Book] = (), memory: Memory | None = None, page: str = "",
        told: Callable[[Frame], None] | None = None, ack_seconds: float = ACK_SECONDS, **options: Any,
    ) -> None:  # fmt: skip
        self.url, self.token, self.books, self.page = url, token, list(books), page
        self.memory = memory or Memory()
        self.payloads: list[bytes] = []
        self.written: list[int] = []
        self.frames: list[Frame] = []
        self.bye: Bye | None = None
        self.close_code: int | None = None
        self.ack_seconds = ack_seconds
        self._told = told
        self.options: dict[str, Any] = {"ping_interval": None, "open_timeout": PATIENCE, "close_timeout": 5, **options}
        self._headers: dict[str, str] = self.options.pop("additional_headers", {})
        self._socket: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._ref = 0
        self._acked = 0
        self._ack_timer: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        return self._listening is not None and not self._listening.done()

    @property
    def upgrade_size(self) -> int:
        """The bytes of HTTP that opened the present socket, both ways."""
        assert self._socket is not None and self._socket.request is not None and self._socket.response is not None  # connected
        return len(self._socket.request.serialize()) + len(self._socket.response.serialize())

    def offers(self) -> list[str]:
        """The subprotocols of the next upgrade."""
        cursor = self.memory.cursor()
        known = [f"c.{base64.urlsafe_b64encode(cursor).rstrip(b'=').decode()}"] if cursor else []
        return [SUBPROTOCOL, *known, *(f"d.{book.name}" for book in self.books), *([f"p.{self.page}"] if self.page else [])]

    async def connect(self) -> Welcome:
        """Connect and give the welcome, with which all of the first message is folded in. :raises OSError: :raises ConnectionClosed:"""
        self.payloads, self.written, self.bye, self.close_code = [], [], None, None
        self._acked = 0
        self.hearing = Hearing(self.memory, self.books)
        headers = {"Authorization": f"Bearer {self.token}", **self._headers}
        self._socket = await connect(self.url, subprotocols=self.offers(), additional_headers=headers, **self.options)  # type: ignore[arg-type]  # a subprotocol is text
        assert self._socket.subprotocol == SUBPROTOCOL
        heard = len(self.frames)
        self._listening = asyncio.create_task(self._listen(self._socket))
        return await self.wait_for(lambda frame: frame if isinstance(frame, Welcome) else None, since=heard)

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for payload in socket:
                await self._take(payload)
        except ConnectionClosed:
            pass
        finally:
            self.close_code = socket.close_code or _ABNORMAL
            self._stop_ack_timer()
            async with self._news:
                self._news.notify_all()

    async def _take(self, payload: bytes | str) -> None:
        assert isinstance(payload, bytes)
        self.payloads.append(payload)
        heard = self.hearing.hear(payload)
        async with self._news:
            self.frames += heard
            self._news.notify_all()
        for frame in heard:
            self.bye = frame if isinstance(frame, Bye) else self.bye
            if self._told is not None:
                self._told(frame)
        if not self.hearing.is_in_order:
            await self.drop()
        elif len(self.payloads) - self._acked >= ACK_EVERY:
            await self._write()
        elif self._ack_timer is None and not all(isinstance(frame, _REPLIES) for frame in heard):
            self._ack_timer = asyncio.get_running_loop().call_later(self.ack_seconds, self._ack_soon)

    def _ack_soon(self) -> None:
        self._ack_timer = None
        self._acking = asyncio.create_task(self._write())

    def _stop_ack_timer(self) -> None:
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None

    async def _write(self, *frames: list[Any]) -> None:
        """Write frames, with the ack that is due in front of them, as one message."""
        assert self._socket is not None  # connected
        due = [[-3, len(self.payloads)]] if len(self.payloads) > self._acked else []
        if not due and not frames:
            return
        self._acked = len(self.payloads)
        self._stop_ack_timer()
        payload = pack(*due, *frames)
        self.written.append(len(payload))
        with contextlib.suppress(ConnectionClosed):
            await self._socket.send(payload)

    async def ack(self) -> None:
        """Ack all that came, now."""
        await self._write()

    async def wait_for(self, look: Callable[[Frame], Found | None], *, since: int = 0, seconds: float = PATIENCE) -> Found:
        """What `look` finds in a frame heard after the first `since`. :raises TimeoutError: :raises ConnectionError: the socket is gone."""
        at = since
        async with asyncio.timeout(seconds), self._news:
            while True:
                while at < len(self.frames):
                    found = look(self.frames[at])
                    if found is not None:
                        return found
                    at += 1
                if not self.is_open:
                    raise ConnectionError(f"closed {self.close_code}")
                await self._news.wait()

    async def ask(self, asked: Asked | None, *fields: Any, at: int = 1) -> Frame:
        """Write a command, its `ref` put in at `at`, and wait for its reply. :raises Refused:"""
        self._ref += 1
        ref, heard = self._ref, len(self.frames)
        if asked is not None:
            self.hearing.asked[ref] = asked
        await self._write([*fields[:at], ref, *fields[at:]])

        def look(frame: Frame) -> Frame | None:
            return frame if getattr(frame, "ref", None) == ref else None

        reply: Frame = await self.wait_for(look, since=heard)
        if isinstance(reply, Error):
            self.hearing.asked.pop(ref, None)
            raise Refused(reply)
        return reply

    async def send(self, slot: int, text: str | None, *, media: UUID | None = None, draft: int | None = None) -> Sent:
        """Send a message; the same `draft` again is the same message. :raises Refused:"""
        number = self.memory.next_draft() if draft is None else draft
        asked = Asked(slot, "message", text, draft=self.memory.draft(number))
        body = None if text is None else self.hearing.said(text)
        reply = await self.ask(asked, slot, number, body, media.bytes if media else None)
        assert isinstance(reply, Sent)
        return reply

    async def edit(self, slot: int, target: int, text: str) -> Sent:
        number = self.memory.next_draft()
        asked = Asked(slot, "edit", text, target, self.memory.draft(number))
        reply = await self.ask(asked, -1, slot, number, target, self.hearing.said(text))
        assert isinstance(reply, Sent)
        return reply

    async def retract(self, slot: int, target: int) -> Sent:
        number = self.memory.next_draft()
        reply = await self.ask(Asked(slot, "retract", None, target, self.memory.draft(number)), -2, slot, number, target)
        assert isinstance(reply, Sent)
        return reply

    async def meet(self, slot: int, *, draft: int | None = None, **said: Any) -> Sent:
        """Ask something of a meeting, in the words of JSON; the entry comes by itself. :raises Refused:"""
        number = self.memory.next_draft() if draft is None else draft
        frame = meet(slot, None, number, said)
        reply = await self.ask(Asked(slot, "meeting", draft=self.memory.draft(number)), frame[0], *frame[2:])
        assert isinstance(reply, Sent)
        return reply

    async def flag(self, slot: int, reason: int, *, target: int | None = None, member: int | None = None, words: str = "") -> Flagged:
        """Say that something is not right. :raises Refused:"""
        reply = await self.ask(None, -13, slot, self.memory.next_draft(), reason, target, member, words)
        assert isinstance(reply, Flagged)
        return reply

    async def escalate(self, slot: int, urgency: int, words: str = "") -> Escalated:
        """Ask for a professional. :raises Refused:"""
        reply = await self.ask(None, -14, slot, self.memory.next_draft(), urgency, words)
        assert isinstance(reply, Escalated)
        return reply

    async def read(self, slot: int, seq: int, *, wants_answer: bool = False) -> None:
        """Say that the person saw everything up to there."""
        self.memory.keep_read(slot, seq)
        if wants_answer:
            await self.ask(None, -4, slot, seq, at=3)
        else:
            await self._write([-4, slot, seq])

    async def history(self, slot: int, *, limit: int | None = None, before: int | None = None, after: int | None = None) -> Page:
        page = await self.ask(Asked(slot), -5, slot, limit, before, after)
        assert isinstance(page, Page)
        return page

    async def conversations(self) -> None:
        await self.ask(None, -6)

    async def mute(self, slot: int, until: int | None = None) -> None:
        await self.ask(None, -7, slot, until)

    async def leave(self, slot: int) -> None:
        await self.ask(None, -8, slot)

    async def ping(self) -> Pong:
        """A heartbeat, as short as it gets: without `ref`."""
        heard = len(self.frames)
        await self._write([-9])
        return await self.wait_for(lambda frame: frame if isinstance(frame, Pong) else None, since=heard)

    async def write_raw(self, payload: bytes | str) -> None:
        """Whatever a broken or hostile phone says."""
        assert self._socket is not None  # connected
        await self._socket.send(payload)

    async def wait_closed(self, seconds: float = PATIENCE) -> int:
        """The code with which this socket closed."""
        assert self._listening is not None  # connected
        await asyncio.wait_for(asyncio.shield(self._listening), seconds)
        return self.close_code or _ABNORMAL

    async def close(self) -> None:
        """Hang up as a page does that is left."""
        self._stop_ack_timer()
        if self._socket is not None and self._listening is not None:
            await self._socket.close()
            await self._listening

    async def drop(self) -> None:
        """Be gone without a word, as when the battery dies."""
        self._stop_ack_timer()
        if self._socket is not None:
            self._socket.transport.abort()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
