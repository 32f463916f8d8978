"""A server process without a server: its engine, its sweep, and sessions whose sockets are lists."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
from django.db import connections

from accounts.models import Device
from chat import engine as engines
from chat import frames, hints
from chat.actions.marks import Marked, Progress
from chat.codec import Json
from chat.drafts import Draft, Outcome
from chat.engine import Engine
from chat.models import Conversation
from chat.session import Session
from core import clock
from core.errors import DomainError
from core.ids import new_id
from live import pool
from live.hub import Hub, Outlet

Frame = dict[str, Any]
PATIENCE = 10.0


class Socket:
    """What a device would see of one socket, and what it says there."""

    def __init__(self, device: Device, backstage: "CountingBackstage") -> None:
        self.frames: list[Frame] = []
        self.closed: int | None = None
        self.heard: Callable[[Frame], None] = lambda frame: None
        self.session = Session(device, codec=Json(longest_silence=240), backstage=backstage, push=self._push, close=self._close)
        self._refs = 0

    def _push(self, encoded: bytes) -> None:
        assert len(encoded) <= frames.MAX_FRAME
        frame = json.loads(encoded)
        self.frames.append(frame)
        self.heard(frame)

    def _close(self, code: int) -> None:
        self.closed = int(code)

    def say(self, kind: str, **fields: Any) -> int:
        """Send a command; its ref."""
        self._refs += 1
        ref = {} if kind == "ack" else {"ref": self._refs}
        self.say_text(msgspec.json.encode({"type": kind, **ref, **fields}).decode())
        return self._refs

    def say_text(self, text: str | None) -> None:
        if self.closed is None:
            self.session.receive(text)

    def ack(self, n: int | None = None) -> None:
        """Everything so far, or up to the n-th frame, is stored."""
        self.say("ack", n=len(self.frames) if n is None else n)

    def reply(self, ref: int) -> Frame:
        (found,) = [frame for frame in self.frames if frame.get("reply_to") == ref]
        return found

    def of_type(self, *kinds: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] in kinds]

    def seqs(self, conversation_id: UUID) -> list[int]:
        """The seqs of the entries that came as events, in the order in which they came."""
        events = [frame for frame in self.of_type("entries") if frame["conversation"] == str(conversation_id)]
        return [entry["seq"] for frame in events for entry in frame["entries"]]


def say(socket: Socket, conversation: Conversation, body: str = "Dag!", **fields: Any) -> int:
    """Send a message; its ref."""
    return socket.say("send", **{"conversation": conversation.id, "draft_id": new_id(), "body": body, **fields})


def codes(socket: Socket) -> list[str]:
    """Of what was refused, in order."""
    return [frame["code"] for frame in socket.of_type("error")]


class CountingBackstage:
    """The engine, and how many answers of it are still under way."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.hub: Hub = engine.hub
        self.under_way = 0

    def submit(self, draft: Draft, then: Callable[[Outcome | DomainError], None], *, spare: Outlet | None = None) -> None:
        self.under_way += 1
        self.engine.submit(draft, lambda outcome: self._answered(then, outcome), spare=spare)

    def mark(self, progress: Progress, then: Callable[[Marked | DomainError], None]) -> None:
        self.under_way += 1
        self.engine.mark(progress, lambda outcome: self._answered(then, outcome))

    def _answered(self, then: Callable[[Any], None], outcome: Any) -> None:
        self.under_way -= 1
        then(outcome)


class InProcess:
    """One process. `settle` waits until nothing is under way any more."""

    def __init__(self) -> None:
        self.engine = engines.engine()
        self.hub = self.engine.hub
        self.backstage = CountingBackstage(self.engine)
        self.sockets: list[Socket] = []

    def connect(self, device: Device) -> Socket:
        """A socket that was let in and welcomed, as the consumer does it."""
        socket = Socket(device, self.backstage)
        socket.session.give(
            frames.Welcome(
                epoch=UUID(int=0),
                person=device.person_id,
                device=device.id,
                now=clock.now(),
                heartbeat=240,
                window=socket.session.feed.window,
            )
        )
        self.hub.add(socket.session)
        self.sockets.append(socket)
        return socket

    async def resumed(self, device: Device, **fields: Any) -> Socket:
        """A socket that said how far it got, and has what it missed."""
        socket = self.connect(device)
        socket.say("resume", **fields)
        await self.settle()
        return socket

    async def settle(self) -> None:
        end = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 3:
            await asyncio.sleep(0.0005 if self._is_busy() else 0)
            quiet = 0 if self._is_busy() else quiet + 1
            assert time.monotonic() < end, f"The process does not come to rest: {self.under_way()}"

    def _is_busy(self) -> bool:
        return any(self.under_way()) or any(socket.session.is_gathering for socket in self.sockets if not socket.session.is_gone)

    def under_way(self) -> tuple[int, bool, int]:
        """How many drafts and marks wait for their answer, whether hints are being loaded, and how many tasks sessions have."""
        tasks = sum(len(socket.session.tasks) for socket in self.sockets if not socket.session.is_gone)
        return self.backstage.under_way, self.engine._loading is not None, tasks

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Within this, what is committed outside of the engine's lanes is announced to nobody: its hint is lost."""
        hints.stop_listening(self.engine._announced)
        try:
            yield
        finally:
            hints.listen(self.engine._announced)

    async def sweep(self) -> None:
        await self.engine.sweep.once()
        await self.settle()

    async def stop(self) -> None:
        for socket in self.sockets:
            socket.session.end()
        await asyncio.sleep(0)
        await engines.stop_engine()
        self.hub.is_draining = False
        await asyncio.to_thread(close_readers)


def close_readers() -> None:
    """Give back the connections of the threads that read for the event loop."""
    barrier = threading.Barrier(pool.READERS)

    def close() -> None:
        barrier.wait(PATIENCE)
        connections.close_all()

    for done in [pool._executor.submit(close) for _ in range(pool.READERS)]:
        done.result(PATIENCE)
