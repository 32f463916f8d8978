"""What one server process runs beside its sockets: the write lanes, the relay, the sweep, the tally and the drain.

It belongs to the event loop that started it. Sockets find it here; actions never do.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

import msgspec
from django.conf import settings

from chat import frames, hints
from chat.actions.entries import append_drafts
from chat.actions.marks import Marked, Progress, raise_marks
from chat.delivery import fan_out, fan_out_marks
from chat.drafts import Appended, Draft, Outcome, Sent
from chat.errors import TooFast
from chat.lite import meetings
from chat.reading import Range, appended
from chat.screening import screener
from chat.sweep import LATEST_RETURN, Sweep
from chat.tally import Tally
from core import clock
from core.errors import DomainError, TryAgain
from live import metrics
from live.close_codes import CloseCode
from live.group_commit import Lane
from live.hub import Hub, Outlet, hub
from live.meter import meter
from live.pace import Pace
from live.pool import read
from live.relay import Relay

log = logging.getLogger(__name__)

ANSWER_SECONDS = 20  # how long a REST view waits for its draft; the device may safely try again
MARKS_LINGER = 0.5  # seconds in which acks of many devices gather for one transaction
DRAIN_BATCH = 500


class Engine:
    """One per process; started by the first connection or by the server itself."""

    def __init__(self) -> None:
        self.hub: Hub = hub
        self.loop = asyncio.get_running_loop()
        self.drafts: Lane[Draft, Outcome] = Lane("drafts", _append, loop=self.loop)
        self.marks: Lane[Progress, Marked] = Lane("marks", _raise_marks, loop=self.loop, linger=MARKS_LINGER)
        self.sweep = Sweep(self.hub)
        self.relay = Relay(self._heard, healed=self.sweep.hurry)
        self._ranges: list[Range] = []
        self._loading: asyncio.Task[None] | None = None
        self._sweeping = asyncio.ensure_future(self.sweep.run(lambda: self.relay.is_healthy))
        self.tally = Tally(meter, here=self._take, there=self._publish)
        self._tallying = asyncio.ensure_future(self.tally.run())
        self.relay.start()
        screener()  # so that it is ready when the first message comes
        hints.listen(self._announced)

    # The way in: from sockets on the loop, and from the threads of REST views.

    def submit(self, draft: Draft, then: Callable[[Outcome | DomainError], None], *, spare: Outlet | None = None) -> None:
        """Queue a draft; `then` hears its outcome, and every socket but `spare` gets the entry.

        Who writes faster than anybody types is told to wait: others pay for every byte of it.
        """
        if (said := draft.text) and (wait := words_pace().take(str(draft.person_id), cost=len(said.encode("utf-8", "surrogatepass")))):
            then(TooFast(retry_after=wait))
            return
        self.drafts.submit(draft, partial(self._committed, then, spare))

    def mark(self, progress: Progress, then: Callable[[Marked | DomainError], None]) -> None:
        self.marks.submit(progress, partial(self._marked, then))

    def wait_for_draft(self, draft: Draft) -> Outcome:
        """Queue a draft from a thread and wait for its outcome. :raises TryAgain:"""
        answer: Future[Outcome | DomainError] = Future()
        self.submit(draft, answer.set_result)
        outcome: Outcome = _answer_of(answer)
        return outcome

    def wait_for_mark(self, progress: Progress) -> Marked:
        """:raises TryAgain:"""
        answer: Future[Marked | DomainError] = Future()
        self.mark(progress, answer.set_result)
        marked: Marked = _answer_of(answer)
        return marked

    def _committed(self, then: Callable[[Outcome | DomainError], None], spare: Outlet | None, outcome: Outcome | DomainError) -> None:
        then(outcome)
        metrics.DRAFTS.labels("sent" if isinstance(outcome, Sent) else outcome.code).inc()
        if isinstance(outcome, Sent) and outcome.appended is not None:
            _charge(outcome.appended)
            fan_out(self.hub, outcome.appended, spare=spare)

    def _marked(self, then: Callable[[Marked | DomainError], None], outcome: Marked | DomainError) -> None:
        then(outcome)
        if isinstance(outcome, Marked) and outcome.risen:
            fan_out_marks(self.hub, outcome.risen)
            self.relay.publish(hints.to_wire(hints.Hints(marks=list(outcome.risen))))

    # Hints: from this process's threads, and from the others.

    def _announced(self, news: hints.Hints) -> None:
        """Heard in the thread that committed."""
        if not hints.caller_delivers():
            self.loop.call_soon_threadsafe(self._take, news)
        self.loop.call_soon_threadsafe(self._publish, news)

    def _publish(self, news: hints.Hints) -> None:
        self.relay.publish(hints.to_wire(news))

    def _heard(self, data: dict[str, Any]) -> None:
        self._take(hints.from_wire(data))

    def _take(self, news: hints.Hints) -> None:
        for person_id in news.recheck:
            for outlet in self.hub.of(person_id):
                outlet.recheck()
        fan_out_marks(self.hub, news.marks)
        for spent in news.spent:
            for outlet in self.hub.of(spent.person_id):
                outlet.budget(spent.step, spent.used, spent.budget)
        if news.ranges and len(self.hub):
            self._ranges.extend(news.ranges)
            if self._loading is None:
                self._loading = asyncio.ensure_future(self._load())
        for person_id in news.refresh:
            for outlet in self.hub.of(person_id):
                outlet.refresh()

    async def _load(self) -> None:
        """Read what others committed, one query for all that was hinted at meanwhile."""
        try:
            while self._ranges:
                ranges, self._ranges = self._ranges[:200], self._ranges[200:]
                followed = [range_ for range_ in ranges if self.hub.is_followed(range_.conversation_id)]
                if followed:
                    for entry in await read(appended, followed):
                        fan_out(self.hub, entry)
        except Exception as problem:
            log.warning("hints_not_loaded problem=%s", type(problem).__name__)
            self.sweep.hurry()
        finally:
            self._loading = None

    # The end.

    async def drain(self, *, seconds: float) -> None:
        """Tell every socket to come back elsewhere, in batches, and commit all that was taken in."""
        self.hub.is_draining = True
        await asyncio.sleep(settings.MAATJE_DRAIN_LEAD)  # until the proxy sends newcomers elsewhere
        self.sweep.stop()
        outlets = list(self.hub.all())
        batches = max(1, -(-len(outlets) // DRAIN_BATCH))
        for start in range(0, len(outlets), DRAIN_BATCH):
            for outlet in outlets[start : start + DRAIN_BATCH]:
                outlet.withdraw(CloseCode.RESTART, retry_after=random.randint(0, LATEST_RETURN))  # noqa: S311  # only spreads
            await asyncio.sleep(min(0.2, seconds / 2 / batches))
        await asyncio.to_thread(self.drafts.stop, timeout=seconds / 2)
        await asyncio.to_thread(self.marks.stop, timeout=seconds / 2)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.tally.once(), seconds / 2)
        await asyncio.sleep(0.1)

    def stop(self) -> None:
        hints.stop_listening(self._announced)
        self._sweeping.cancel()
        self._tallying.cancel()
        self.relay.stop()


def _answer_of(answer: Future[Any]) -> Any:
    """:raises TryAgain: it takes too long; whether it happens is not known, and trying again is safe. :raises DomainError:"""
    try:
        result = answer.result(ANSWER_SECONDS)
    except TimeoutError:
        raise TryAgain(retry_after=5) from None
    if isinstance(result, DomainError):
        raise result
    return result


def _append(drafts: Sequence[Draft]) -> Sequence[Outcome]:
    with hints.delivered_by_caller():
        return append_drafts(drafts=drafts, now=clock.now())


def _raise_marks(steps: Sequence[Progress]) -> Sequence[Marked]:
    return raise_marks(steps=steps)


def _charge(appended: Appended) -> None:
    """Others pay for the whole of a meeting, however little was asked of it."""
    if isinstance(appended.entry.meeting, frames.Meeting):
        words_pace().owe(str(appended.sender_id), cost=len(msgspec.msgpack.encode(meetings.written(appended.entry.meeting))))


def words_pace() -> Pace:
    return _words_pace(settings.MAATJE_TEXT_BYTES_PER_SECOND, settings.MAATJE_TEXT_BYTES_BURST)


@lru_cache(maxsize=1)
def _words_pace(rate: float, burst: int) -> Pace:
    return Pace(rate=rate, burst=burst)


_engine: Engine | None = None


def engine() -> Engine:
    """The engine of this process, started on the running loop when it is first asked for."""
    global _engine
    if _engine is None or _engine.loop.is_closed():
        _engine = Engine()
    return _engine


def running_engine() -> Engine | None:
    """The engine, if this process runs one; may be called from any thread."""
    return _engine


async def stop_engine() -> None:
    """End the engine without a drain, for tests."""
    global _engine
    if _engine is not None:
        _engine.stop()
        await asyncio.to_thread(_engine.drafts.stop, timeout=5)
        await asyncio.to_thread(_engine.marks.stop, timeout=5)
        await _engine.tally.once()
        _engine = None
