"""The way out of one socket: frames are given once, remembered until acked, and work in the background never escapes.

Where the codec lets several frames travel in one message they are gathered: those of the same moment always, events of a
device in low-data mode for up to `HOLD`. Marks of such a device wait for something else to travel with.
"""

import asyncio
import logging
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

from django.conf import settings
from msgspec import UNSET

from accounts.models import Device
from chat import frames, reading
from chat.actions.marks import Marked, Progress
from chat.codec import Codec, refusal
from chat.drafts import Draft, Outcome
from chat.feed import Feed
from core.errors import DomainError, TryAgain
from live import metrics
from live.close_codes import CloseCode
from live.hub import Hub, Outlet

log = logging.getLogger(__name__)

HOLD = 2.0  # seconds that events of a low-data device may wait for each other
GATHER = 0.1  # seconds that a message waits while more is being read for it
LONGEST_MESSAGE = frames.MAX_FRAME - 1_024  # a gathered message goes out before it grows beyond this


class Backstage(Protocol):
    """What a session needs of the process it runs in."""

    hub: Hub

    def submit(self, draft: Draft, then: Callable[[Outcome | DomainError], None], *, spare: Outlet | None = None) -> None:
        """Queue a draft."""

    def mark(self, progress: Progress, then: Callable[[Marked | DomainError], None]) -> None:
        """Queue a mark."""


class Giving(ABC):
    """One device on one socket. `push` takes a message's bytes and `close` a code; neither may block nor raise."""

    def __init__(
        self, device: Device, *, codec: Codec, backstage: Backstage, push: Callable[[bytes], None], close: Callable[[int], None]
    ) -> None:
        self.person_id: UUID = device.person_id
        self.device_id: UUID = device.id
        self.access_version: int = device.person.access_version
        self.codec = codec
        self.codec.low_data = device.person.low_data
        self.backstage = backstage
        self.push = push
        self.close = close
        self.born_at = self.heard_at = time.monotonic()
        self.lasts_until = self.born_at + settings.MAATJE_SOCKET_HOURS * random.uniform(3_000, 3_600)  # noqa: S311  # spreads returns
        self.feed = Feed(window=settings.MAATJE_ACK_WINDOW)
        self.is_gone = False
        self.tasks: set[asyncio.Task[None]] = set()
        self._gathered: list[bytes] = []
        self._gathered_size = 0
        self._flushing: asyncio.Handle | None = None
        self._flushes_at = 0.0
        self._has_waited = False  # once for each message, for what was being read
        self._waiting_marks: dict[UUID, dict[int, frames.Mark]] = {}

    def give(
        self, frame: frames.Reply | frames.Event | list[bytes], *, is_event: bool = False, delivers: tuple[UUID, int] | None = None
    ) -> None:
        """Send a frame and remember it until it is acked; a device that never acks is let go."""
        if self.is_gone:
            return
        pieces = frame if isinstance(frame, list) else self.codec.encode(frame)
        if not pieces:
            return
        size = sum(map(len, pieces))
        if self._gathered and self._gathered_size + size > LONGEST_MESSAGE:
            self.flush()
        self.feed.gave(size=size, at=time.monotonic(), is_event=is_event, delivers=delivers, joins=bool(self._gathered))
        self._gathered += pieces
        self._gathered_size += size
        if not self.codec.carries_several:
            self.flush()
        else:
            self._flush_within(HOLD if is_event and self.codec.low_data else GATHER if self.is_reading_more() else 0)
        if self.feed.is_hopeless:
            self.withdraw(CloseCode.SLOW, retry_after=1)
        self.stir()

    def stir(self) -> None:  # noqa: B027  # nobody waits for a socket; a visit by POST does
        """Something was given, answered or finished; whoever waits for the session may look again."""

    def give_marks(self, marks: frames.Marks) -> None:
        """Marks are an event like others, but where data is scarce they cause no message of their own."""
        if self.codec.carries_several and self.codec.low_data and not self._gathered:
            waiting = self._waiting_marks.setdefault(marks.conversation, {})
            waiting.update((mark.number, mark) for mark in marks.marks)
        else:
            self.give(marks, is_event=True)

    def is_reading_more(self) -> bool:
        """Whether something is being read that could travel in the same message."""
        return False

    @property
    def is_gathering(self) -> bool:
        """Whether something was given that has not gone out."""
        return bool(self._gathered)

    def hurry(self) -> None:
        """All that was asked for is here: no reason to wait for more."""
        if self._gathered and not self.is_reading_more():
            self._flush_within(0)

    def _flush_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if self._flushing is not None:
            if self._flushes_at <= at:
                return
            self._flushing.cancel()
        self._flushing, self._flushes_at = loop.call_later(seconds, self._flush_unless_more_comes), at

    def _flush_unless_more_comes(self) -> None:
        self._flushing = None
        if self.is_reading_more() and not self._has_waited:
            self._has_waited = True
            self._flush_within(GATHER)
        else:
            self.flush()

    def flush(self) -> None:
        """Send what was gathered, and the marks that waited for it, as one message."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        self._has_waited = False
        if not self._gathered:
            return
        if self._waiting_marks and not self.is_gone:
            waiting, self._waiting_marks = self._waiting_marks, {}
            for conversation, marks in waiting.items():
                self.give(frames.Marks(conversation, list(marks.values())), is_event=True)
            self.flush()
            return
        message = self.codec.join(self._gathered)
        self._gathered, self._gathered_size = [], 0
        self.push(message)

    def withdraw(self, code: int, *, retry_after: int | None = None) -> None:
        """Say why, close, and hear nothing more."""
        if self.is_gone:
            return
        self.is_gone = True
        metrics.CLOSED.labels(int(code)).inc()
        self.leave_hub()
        self.flush()
        self.push(self.codec.join(self.codec.encode(frames.Bye(code=code, retry_after=UNSET if retry_after is None else retry_after))))
        self.close(code)
        self.stir()

    def end(self) -> None:
        """The socket is gone."""
        self.is_gone = True
        self._gathered.clear()
        self.flush()
        self.leave_hub()
        for task in self.tasks:
            task.cancel()

    def refuse(self, problem: DomainError, ref: int | None) -> None:
        self.give(refusal(problem, reply_to=None if ref == frames.SILENT else ref))

    def in_background(self, work: Awaitable[None], ref: int | None = None) -> None:
        task = asyncio.ensure_future(self._guarded(work, ref))
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.stir()

    @abstractmethod
    def leave_hub(self) -> None:
        """Nothing more is offered."""

    @abstractmethod
    def recheck(self) -> None:
        """Something about this person's access changed: look again before giving anything more."""

    async def _guarded(self, work: Awaitable[None], ref: int | None) -> None:
        try:
            await work
        except DomainError as problem:
            self.refuse(problem, ref)
        except reading.AccessChanged:
            self.recheck()
            if ref is not None:
                self.refuse(TryAgain(retry_after=1), ref)
        except Exception as problem:
            log.exception("command_failed problem=%s device=%s", type(problem).__name__, self.device_id)
            self.refuse(TryAgain(retry_after=2), ref)
