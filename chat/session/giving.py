"""The way out of one socket: frames are given once, remembered until acked, and work in the background never escapes."""

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
from chat import codec, frames, reading
from chat.actions.marks import Marked, Progress
from chat.drafts import Draft, Outcome
from chat.feed import Feed
from core.errors import DomainError, TryAgain
from live import metrics
from live.close_codes import CloseCode
from live.hub import Hub, Outlet

log = logging.getLogger(__name__)


class Backstage(Protocol):
    """What a session needs of the process it runs in."""

    hub: Hub

    def submit(self, draft: Draft, then: Callable[[Outcome | DomainError], None], *, spare: Outlet | None = None) -> None:
        """Queue a draft."""

    def mark(self, progress: Progress, then: Callable[[Marked | DomainError], None]) -> None:
        """Queue a mark."""


class Giving(ABC):
    """One device on one socket. `push` takes a frame's bytes and `close` a code; neither may block nor raise."""

    def __init__(self, device: Device, *, backstage: Backstage, push: Callable[[bytes], None], close: Callable[[int], None]) -> None:
        self.person_id: UUID = device.person_id
        self.device_id: UUID = device.id
        self.access_version: int = device.person.access_version
        self.backstage = backstage
        self.push = push
        self.close = close
        self.born_at = self.heard_at = time.monotonic()
        self.lasts_until = self.born_at + settings.MAATJE_SOCKET_HOURS * random.uniform(3_000, 3_600)  # noqa: S311  # spreads returns
        self.feed = Feed(window=settings.MAATJE_ACK_WINDOW)
        self.is_gone = False
        self.tasks: set[asyncio.Task[None]] = set()

    def give(self, frame: frames.Reply | frames.Event | bytes, *, is_event: bool = False, delivers: tuple[UUID, int] | None = None) -> None:
        """Send a frame and remember it until it is acked; a device that never acks is let go."""
        if self.is_gone:
            return
        encoded = frame if isinstance(frame, bytes) else codec.encode(frame)
        self.feed.gave(size=len(encoded), at=time.monotonic(), is_event=is_event, delivers=delivers)
        self.push(encoded)
        if self.feed.is_hopeless:
            self.withdraw(CloseCode.SLOW, retry_after=1)

    def withdraw(self, code: int, *, retry_after: int | None = None) -> None:
        """Say why, close, and hear nothing more."""
        if self.is_gone:
            return
        self.is_gone = True
        metrics.CLOSED.labels(int(code)).inc()
        self.leave_hub()
        self.push(codec.encode(frames.Bye(code=code, retry_after=UNSET if retry_after is None else retry_after)))
        self.close(code)

    def end(self) -> None:
        """The socket is gone."""
        self.is_gone = True
        self.leave_hub()
        for task in self.tasks:
            task.cancel()

    def refuse(self, problem: DomainError, ref: int | None) -> None:
        self.give(codec.refusal(problem, reply_to=ref))

    def in_background(self, work: Awaitable[None], ref: int | None = None) -> None:
        task = asyncio.ensure_future(self._guarded(work, ref))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

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
