"""One device on one socket: commands in, replies and events out. Decides nothing; knows no server.

The consumer gives it `push`, which takes a frame's bytes and must neither block nor raise.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Literal, Protocol
from uuid import UUID

from django.conf import settings
from msgspec import UNSET

from accounts.models import Device
from chat import codec, frames, reading
from chat.actions import members
from chat.actions.marks import Marked, Progress
from chat.delivery import EntryDelivery
from chat.drafts import Draft, Outcome, Refused
from chat.errors import MalformedFrame, NotResumed, TooFast
from chat.feed import Feed, Track
from core import clock
from core.errors import DomainError, TryAgain
from live import metrics
from live.close_codes import CloseCode
from live.hub import Hub, Outlet
from live.pool import read
from live.token_bucket import TokenBucket

log = logging.getLogger(__name__)

BATCH = 50
MOST_TASKS = 4
MOST_COMPLAINTS = 3
MOST_REFUSED_AS_TOO_FAST = 100
HISTORY_COST = 2
MALFORMED_PAUSE = 60  # seconds that a device which speaks nonsense should stay away
RESUME_WITHIN = 30  # seconds
SILENT_HEARTBEATS = 2.5  # a device that misses this many is gone, whatever its network says


class Backstage(Protocol):
    """What a session needs of the process it runs in."""

    hub: Hub

    def submit(self, draft: Draft, then: Callable[[Outcome | DomainError], None], *, spare: Outlet | None = None) -> None:
        """Queue a draft."""

    def mark(self, progress: Progress, then: Callable[[Marked | DomainError], None]) -> None:
        """Queue a mark."""


class Session:
    """The state of one socket; an Outlet of the hub."""

    __slots__ = (
        "_bucket", "_complaints", "_missed_news", "_stage", "_tasks", "_too_fast", "access_version", "backstage", "born_at", "close",
        "device_id", "feed", "heard_at", "is_gone", "lasts_until", "person_id", "push", "reconciling",
    )  # fmt: skip

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
        self.reconciling = False
        self._bucket = TokenBucket(rate=settings.MAATJE_COMMANDS_PER_SECOND, burst=settings.MAATJE_COMMANDS_BURST, at=time.monotonic())
        self._stage: Literal["new", "resuming", "live"] = "new"
        self._missed_news = False
        self._complaints = 0
        self._too_fast = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # What goes out.

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
        self.backstage.hub.remove(self)
        self.push(codec.encode(frames.Bye(code=code, retry_after=UNSET if retry_after is None else retry_after)))
        self.close(code)

    def end(self) -> None:
        """The socket is gone."""
        self.is_gone = True
        self.backstage.hub.remove(self)
        for task in self._tasks:
            task.cancel()

    def refuse(self, problem: DomainError, ref: int | None) -> None:
        self.give(codec.refusal(problem, reply_to=ref))

    def _in_background(self, work: Awaitable[None], ref: int | None = None) -> None:
        task = asyncio.ensure_future(self._guarded(work, ref))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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

    # What comes in.

    def receive(self, text: str | None) -> None:
        """Take one frame from the device; must not block."""
        self.heard_at = time.monotonic()
        try:
            command = codec.decode(text)
        except DomainError as problem:
            self._complain(problem)
            return
        if isinstance(command, frames.Ack) and command.n > self.feed.acked_to:  # there are no more of these than frames we sent
            self._acked(command.n)
        elif wait := self._bucket.take(self.heard_at):
            self._hold_back(command, wait)
        else:
            self._too_fast = 0
            self._handle(command)

    def _hold_back(self, command: frames.Command, wait: int) -> None:
        self._too_fast += 1
        if self._too_fast > MOST_REFUSED_AS_TOO_FAST:
            self.withdraw(CloseCode.TOO_FAST, retry_after=wait + 30)
        else:
            self.refuse(TooFast(retry_after=wait), getattr(command, "ref", None))

    def _complain(self, problem: DomainError) -> None:
        self.refuse(problem, None)
        self._complaints += 1
        if self._complaints >= MOST_COMPLAINTS:
            self.withdraw(CloseCode.MALFORMED, retry_after=MALFORMED_PAUSE)

    def _handle(self, command: frames.Command) -> None:
        match command:
            case frames.Ack():
                """One that repeats an earlier ack says nothing new."""
            case frames.Ping(ref):
                self.give(frames.Pong(ref))
            case frames.Resume():
                self._start(self._resume(command), command.ref)
            case _ if self._stage != "live":
                self.refuse(NotResumed(), command.ref)
            case frames.Send(ref, conversation, draft_id, body):
                self._submit(ref, Draft(self.person_id, conversation, draft_id, "message", body))
            case frames.Edit(ref, conversation, draft_id, target, body):
                self._submit(ref, Draft(self.person_id, conversation, draft_id, "edit", body, target))
            case frames.Retract(ref, conversation, draft_id, target):
                self._submit(ref, Draft(self.person_id, conversation, draft_id, "retract", None, target))
            case frames.Read(ref, conversation, seq):
                self._mark(Progress(self.person_id, conversation, read=seq), ref)
            case frames.History():
                self._start(self._history(command), command.ref)
            case frames.ListConversations(ref):
                self._start(self._list(ref), ref)
            case frames.Mute(ref, conversation, until):
                change = partial(members.mute, by_id=self.person_id, conversation_id=conversation, until=until, now=clock.now())
                self._start(self._change(ref, change), ref)
            case frames.Leave(ref, conversation):
                change = partial(members.leave, by_id=self.person_id, conversation_id=conversation, now=clock.now())
                self._start(self._change(ref, change), ref)

    def _start(self, work: Awaitable[None], ref: int) -> None:
        """Begin something that reads the database; few at a time, so that one device cannot take all readers."""
        if len(self._tasks) >= MOST_TASKS:
            work.close()  # type: ignore[attr-defined]  # every work given here is a coroutine
            self.refuse(TooFast(retry_after=1), ref)
        else:
            self._in_background(work, ref)

    # Commands.

    def _submit(self, ref: int, draft: Draft) -> None:
        self.backstage.submit(draft, partial(self._drafted, ref), spare=self)

    def _drafted(self, ref: int, outcome: Outcome | DomainError) -> None:
        if isinstance(outcome, DomainError):
            self.refuse(outcome, ref)
        elif isinstance(outcome, Refused):
            self.refuse(outcome.problem, ref)
        else:
            draft = outcome.draft
            place = (draft.conversation_id, outcome.seq)
            reply = frames.Sent(ref, draft.conversation_id, draft.draft_id, outcome.seq, outcome.at)
            self.give(reply, delivers=place if self.feed.is_next(*place) else None)

    def _mark(self, progress: Progress, ref: int | None) -> None:
        self.backstage.mark(progress, partial(self._marked, ref))

    def _marked(self, ref: int | None, outcome: Marked | DomainError) -> None:
        problem = outcome if isinstance(outcome, DomainError) else outcome.problem
        if ref is not None:
            self.give(codec.refusal(problem, reply_to=ref) if problem else frames.Done(ref))

    def _acked(self, n: int) -> None:
        try:
            delivered = self.feed.acked(n)
        except ValueError:
            self._complain(MalformedFrame(problem="`n` is beyond what was sent"))
            return
        for conversation_id, seq in delivered.items():
            self._mark(Progress(self.person_id, conversation_id, delivered=seq), None)
        self.pump()

    async def _resume(self, command: frames.Resume) -> None:
        if self._stage != "new":
            raise NotResumed
        self._stage = "resuming"
        try:
            access, start = await read(_access_and_start, self, command)
        except BaseException:
            self._stage = "new"
            raise
        if access.code is not None:
            self.withdraw(access.code)
            return
        self.access_version = access.version
        self.give(frames.Resumed(command.ref, start.epoch, start.resync))
        for card in start.cards:
            self.give(frames.Changed(card))
        for follow in start.follows:
            self.feed.open(follow.conversation_id, given=follow.given, head=follow.head)
            self.feed.tracks[follow.conversation_id].stamp = follow.stamp
            self.backstage.hub.follow(self, follow.conversation_id)
            if follow.conversation_id in command.cursors and not start.resync and follow.given > follow.delivered:
                self._mark(Progress(self.person_id, follow.conversation_id, delivered=follow.given), None)
        self._stage = "live"
        self.pump()
        if self._missed_news:
            self.refresh()

    async def _history(self, command: frames.History) -> None:
        wait = self._bucket.take(time.monotonic(), HISTORY_COST)
        if wait:
            raise TooFast(retry_after=wait)
        entries, more = await read(
            reading.history,
            self.person_id,
            command.conversation,
            before=command.before,
            after=command.after,
            limit=command.limit,
            version=self.access_version,
        )
        self.give(frames.Page(command.ref, command.conversation, entries, more))

    async def _list(self, ref: int) -> None:
        for card in await read(reading.cards, self.person_id, now=clock.now()):
            self.give(frames.Changed(card))
        self.give(frames.Done(ref))

    async def _change(self, ref: int, change: Callable[[], object]) -> None:
        await read(change)
        self.give(frames.Done(ref))

    # Events.

    def offer_entry(self, delivery: EntryDelivery, *, conceals: bool) -> None:
        if self.feed.is_next(delivery.conversation_id, delivery.seq):
            encoded = delivery.encoded_for(self.person_id, conceals=conceals)
            self.give(encoded, is_event=True, delivers=(delivery.conversation_id, delivery.seq))
        elif delivery.conversation_id in self.feed.tracks:
            self.pump()
        else:
            self.refresh()

    def offer_marks(self, conversation_id: UUID, encoded: bytes) -> None:
        if conversation_id in self.feed.tracks and self.feed.has_room:
            self.give(encoded, is_event=True)

    def pump(self) -> None:
        """Give what lags behind while there is room; without room, tell how much there is."""
        if self.is_gone:
            return
        if not self.feed.has_room:
            for conversation_id, seq in self.feed.untold_heads():
                self.give(frames.Head(conversation_id, seq))
            return
        for conversation_id, track in list(self.feed.behind()):
            track.is_loading = True
            self._in_background(self._catch_up(conversation_id, track))

    async def _catch_up(self, conversation_id: UUID, track: Track) -> None:
        try:
            while track.given < track.head and self.feed.has_room and not self.is_gone:
                entries, head = await read(
                    reading.missed, self.person_id, conversation_id, after=track.given, limit=BATCH, version=self.access_version
                )
                if not entries:
                    track.head = min(head, track.given)
                    break
                track.head = max(track.head, head)
                last = entries[-1].seq
                self.give(frames.Entries(conversation_id, entries), is_event=True, delivers=(conversation_id, last))
                track.given = last
        finally:
            track.is_loading = False
        if track.given < track.head:
            self.pump()

    # Access.

    def recheck(self) -> None:
        """Something about this person's access changed."""
        if not self.reconciling and not self.is_gone:
            self.reconciling = True
            self._in_background(self._recheck())

    async def _recheck(self) -> None:
        try:
            access = await read(reading.access, self.device_id, now=clock.now())
        finally:
            self.reconciling = False
        if access.code is not None:
            self.withdraw(access.code)
            return
        self.access_version = access.version
        self.refresh()

    def refresh(self) -> None:
        """Compare with the database: something may have been missed."""
        if self._stage == "live" and not self.is_gone:
            self._in_background(self._refresh())
        else:
            self._missed_news = True

    async def _refresh(self) -> None:
        self.compare(await read(reading.follows, self.person_id))

    def compare(self, follows: list[reading.Follow]) -> None:
        """Take over what the database says about how far each log goes and what each card shows."""
        if self._stage != "live":
            return
        news = [f for f in follows if f.conversation_id not in self.feed.tracks or self.feed.tracks[f.conversation_id].stamp != f.stamp]
        for follow in follows:
            if follow.conversation_id not in self.feed.tracks:
                self.backstage.hub.follow(self, follow.conversation_id)
            self.feed.open(follow.conversation_id, given=follow.given, head=follow.head)
        for follow in news:
            self.feed.tracks[follow.conversation_id].stamp = follow.stamp
        if news:
            self._in_background(self._tell_cards([f.conversation_id for f in news]))
        self.pump()

    async def _tell_cards(self, conversation_ids: list[UUID]) -> None:
        for card in await read(reading.cards, self.person_id, now=clock.now(), only=conversation_ids):
            self.give(frames.Changed(card))

    def conversation_ids(self) -> Iterable[UUID]:
        return self.feed.tracks

    def tick(self, at: float) -> None:
        """Let go of a device that is too slow, has fallen silent, or has been here so long that its turn to return has come."""
        oldest = self.feed.oldest_event_at()
        has_not_acked = oldest is not None and at - oldest > settings.MAATJE_ACK_TIMEOUT
        has_not_resumed = self._stage != "live" and at - self.born_at > RESUME_WITHIN
        if has_not_acked or has_not_resumed:
            self.withdraw(CloseCode.SLOW, retry_after=1)
        elif at > self.lasts_until or at - self.heard_at > SILENT_HEARTBEATS * settings.MAATJE_HEARTBEAT_SECONDS:
            self.withdraw(CloseCode.EXPIRED, retry_after=1)


def _access_and_start(session: Session, command: frames.Resume) -> tuple[reading.Access, reading.Start]:
    """Access first: what was signed out since the socket opened gets nothing."""
    now = clock.now()
    access = reading.access(session.device_id, now=now)
    if access.code is not None:
        return access, reading.Start(session.device_id, resync=False, follows=[], cards=[])
    return access, reading.start(session.person_id, command, now=now)
