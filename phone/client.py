"""Carry frames between one device and its server, for as long as it takes."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from phone import clock, wire
from phone.addresses import is_here, socket_address
from phone.backoff import Backoff
from phone.happenings import Changed, Ended, Happening, Link, Offline, Online
from phone.kept import CannotSay, Kept
from phone.log import Hole
from phone.outbox import Draft
from phone.planned import Ask
from phone.safety import Report
from phone.session import Session

LASTING = 60.0  # seconds of talking after which the next loss is a new one
SOONEST = 0.02  # seconds between two looks at what is due
LONGEST_REST = 600.0


class Keeps(Protocol):
    """Where a device stores what it has."""

    def save(self, kept: Kept) -> None:
        """Store it for good before returning."""


class Client:
    """A device that comes back by itself, until it is told not to.

    `listen` hears what happens, on the event loop of `run`. Everything the person does is stored before it returns.
    """

    def __init__(self, kept: Kept, *, keeps: Keeps, listen: Callable[[Happening], None], backoff: Backoff | None = None) -> None:
        self.kept = kept
        self.link: Link = Offline(0, time.monotonic())
        self._keeps = keeps
        self._listen = listen
        self._backoff = backoff or Backoff()
        self._session: Session | None = None
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._is_away = False

    # What the person does.

    def write(self, conversation: UUID, body: str) -> Draft:
        """:raises CannotSay:"""
        return self._drafted(self.kept.write(conversation, body, now=clock.now()))

    def edit(self, conversation: UUID, target: int, body: str) -> Draft:
        """:raises CannotSay:"""
        return self._drafted(self.kept.edit(conversation, target, body, now=clock.now()))

    def retract(self, conversation: UUID, target: int) -> Draft:
        return self._drafted(self.kept.retract(conversation, target, now=clock.now()))

    def plan(self, conversation: UUID, ask: Ask, typed: str) -> Draft:
        """:raises CannotSay:"""
        return self._drafted(self.kept.plan(conversation, ask, typed, now=clock.now()))

    def report(self, conversation: UUID, report: Report) -> Draft:
        """:raises CannotSay:"""
        return self._drafted(self.kept.report(conversation, report, now=clock.now()))

    def _drafted(self, draft: Draft) -> Draft:
        try:
            self._keeps.save(self.kept)
        except OSError:
            self.kept.outbox.drop(draft.draft_id)
            raise CannotSay("not_stored") from None
        self._tell_of(draft)
        return draft

    def _tell_of(self, draft: Draft) -> None:
        self._listen(Changed(draft.conversation))
        self._wake.set()

    def drop(self, draft: Draft) -> None:
        """Give up a draft that was refused."""
        self.kept.outbox.drop(draft.draft_id)
        self._keeps.save(self.kept)
        self._tell_of(draft)

    def again(self, draft: Draft) -> None:
        """Try a refused draft once more."""
        self.kept.again(draft)
        self._keeps.save(self.kept)
        self._tell_of(draft)

    def see(self, conversation: UUID) -> None:
        """Everything in this conversation was on the screen."""
        if self.kept.see(conversation):
            self._wake.set()

    def older(self, conversation: UUID) -> None:
        """Ask for a page of older entries, when there is a connection."""
        if self._session is not None:
            self._session.ask_for_older(conversation, at=time.monotonic())
            self._wake.set()

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._hurry.set()

    def go_away(self) -> None:
        """Lose the network: close, and stay away until `come_back`."""
        self._is_away = True
        self._wake.set()

    def come_back(self) -> None:
        self._is_away = False
        self._hurry.set()

    # The connection.

    async def run(self) -> int:
        """Talk until the server says not to come back; gives the code with which it said so."""
        while True:
            began = time.monotonic()
            code, floor = await self._talk()
            if code is not None and 4500 <= code <= 4999:
                self._tell(Ended(code))
                return code
            if time.monotonic() - began > LASTING:
                self._backoff.reset()
            await self._pause(self._backoff.next(floor=floor), code)

    async def _pause(self, seconds: float, code: int | None) -> None:
        self._hurry.clear()
        self._tell(Offline(seconds, time.monotonic() + seconds, code))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), seconds)
        while self._is_away:
            self._hurry.clear()
            await self._hurry.wait()

    async def _talk(self) -> tuple[int | None, float]:
        """One socket from its start to its end: the close code, and the least time to stay away."""
        try:
            async with self._connect() as socket:
                return await self._carry(socket)
        except InvalidStatus as problem:
            return None, _seconds(problem.response.headers.get("Retry-After"))
        except (OSError, TimeoutError, WebSocketException):
            return None, 0

    def _connect(self) -> connect:
        return connect(
            socket_address(self.kept.server),
            subprotocols=[wire.PROTOCOL],  # type: ignore[list-item]  # a NewType of str
            additional_headers={"Authorization": f"Bearer {self.kept.token}"},
            compression=None,  # what others say must not show in the length of what you say
            ping_interval=None,  # the heartbeat is a command of the protocol
            open_timeout=20,
            close_timeout=2,
            max_size=64 * 1024,
            proxy=None if is_here(self.kept.server) else True,
        )

    async def _carry(self, socket: ClientConnection) -> tuple[int | None, float]:
        session = self._session = Session(self.kept, at=time.monotonic())
        reading = asyncio.create_task(self._read(socket, session))
        try:
            while not (reading.done() or self._is_away or session.is_dead(at=time.monotonic())):
                await self._speak(socket, session)
                await self._rest(reading, session)
        except ConnectionClosed:
            await asyncio.wait({reading})  # what came before the end counts
        finally:
            self._session = None
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, Hole, ConnectionClosed):
                await reading
            self._keeps.save(self.kept)
        bye = session.bye
        code = bye.code if bye is not None else socket.close_code
        return code, float(bye.retry_after or 0) if bye is not None else 0.0

    async def _speak(self, socket: ClientConnection, session: Session) -> None:
        at = time.monotonic()
        if (ack := session.ack(at=at)) is not None:
            self._keeps.save(self.kept)
            await socket.send(wire.encode(ack))
        for command in session.commands(at=at):
            await socket.send(wire.encode(command))

    async def _rest(self, reading: "asyncio.Task[None]", session: Session) -> None:
        """Wait until something is due: a frame, something the person does, or the clock."""
        at = time.monotonic()
        waking = asyncio.create_task(self._wake.wait())
        timeout = min(max(SOONEST, session.wakes_at(at=at) - at), LONGEST_REST)
        try:
            await asyncio.wait([reading, waking], timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waking.cancel()
        self._wake.clear()

    async def _read(self, socket: ClientConnection, session: Session) -> None:
        async for text in socket:
            self._tell(*session.hear(text, at=time.monotonic()))
            self._wake.set()

    def _tell(self, *happenings: Happening) -> None:
        for happening in happenings:
            if isinstance(happening, Online | Offline | Ended):
                self.link = happening
            self._listen(happening)


def _seconds(header: str | None) -> float:
    return float(header) if header is not None and header.isdigit() else 0.0
