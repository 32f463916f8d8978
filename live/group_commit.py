"""Group commit: everything that arrived while the last transaction ran goes into the next one.

Many sockets submit, one thread commits. Measured beside one transaction a message it costs a tenth of the CPU,
because the round trips, the commit and the wake-ups are shared. See docs/adr/0003-group-commit.md.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import InterfaceError, OperationalError, connection

from core.errors import DomainError, TryAgain
from live import metrics

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")
Pending = tuple[Item, Callable[[Result | DomainError], None]]

MAX_BATCH = 400
MAX_WAITING = 10_000


class Lane(Generic[Item, Result]):
    """One thread that hands batches of items to `handle` and gives each its own result.

    `handle` takes a list and answers with a list of the same length, all in one transaction. When the database cannot
    be reached every item of the batch is answered `try_again`; when `handle` fails for another reason the items are
    tried one by one, so that only the culprit fails. Results come back on `loop`, in order, one wake-up a batch.
    """

    def __init__(
        self,
        name: str,
        handle: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        loop: asyncio.AbstractEventLoop,
        linger: float = 0,
    ) -> None:
        self._handle = handle
        self._batch_sizes = metrics.BATCH.labels(name)
        self._seconds = metrics.COMMIT_SECONDS.labels(name)
        self._loop = loop
        self._linger = linger
        self._queue: queue.SimpleQueue[Pending[Item, Result] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"maatje-{name}", daemon=True)
        self._is_open = True
        self._thread.start()

    def submit(self, item: Item, then: Callable[[Result | DomainError], None]) -> None:
        """Queue an item; `then` hears its result on the loop, or TryAgain when the lane is full, closing or without a database."""
        if not self._is_open or self._queue.qsize() >= MAX_WAITING:
            self._loop.call_soon_threadsafe(then, TryAgain(retry_after=2))
        else:
            self._queue.put((item, then))
            if not self._thread.is_alive():  # it ended between our look and our put
                self._turn_away_the_rest()

    def stop(self, *, timeout: float) -> None:
        """Commit what is queued, answer it, and end."""
        self._is_open = False
        self._queue.put(None)
        self._thread.join(timeout)
        self._turn_away_the_rest()

    def _turn_away_the_rest(self) -> None:
        """Nobody waits for an answer that cannot come."""
        while not self._queue.empty():
            left = self._queue.get()
            if left is not None:
                self._loop.call_soon_threadsafe(left[1], TryAgain(retry_after=2))

    def _run(self) -> None:
        while batch := self._next_batch():
            self._commit(batch)
        connection.close()

    def _next_batch(self) -> list[Pending[Item, Result]]:
        """Wait for the first item, then take all that is there; an empty list means the lane was stopped."""
        first = self._queue.get()
        if first is None:
            return []
        if self._linger and self._is_open:
            time.sleep(self._linger)
        batch = [first]
        while len(batch) < MAX_BATCH and not self._queue.empty():
            following = self._queue.get()
            if following is None:
                self._queue.put(None)
                break
            batch.append(following)
        return batch

    def _commit(self, batch: list[Pending[Item, Result]]) -> None:
        results: Sequence[Result | DomainError]
        started = time.monotonic()
        try:
            results = self._handle_twice([item for item, _ in batch])
        except (OperationalError, InterfaceError) as problem:
            log.warning("batch_without_database size=%d problem=%s", len(batch), type(problem).__name__)
            connection.close()
            results = [TryAgain(retry_after=2)] * len(batch)
        except Exception:  # one item is bad; the others must not pay for it
            results = [self._alone(item) for item, _ in batch]
        self._batch_sizes.observe(len(batch))
        self._seconds.observe(time.monotonic() - started)
        self._loop.call_soon_threadsafe(_settle, [then for _, then in batch], results)

    def _handle_twice(self, items: Sequence[Item]) -> Sequence[Result]:
        """A connection that died while idle, or a deadlock, is worth one more try; drafts make it harmless."""
        try:
            return self._handle(items)
        except (OperationalError, InterfaceError):
            connection.close()
            return self._handle(items)

    def _alone(self, item: Item) -> Result | DomainError:
        try:
            return self._handle([item])[0]
        except Exception as problem:  # it must reach the one who asked, and nobody else
            log.exception("item_failed problem=%s", type(problem).__name__)
            connection.close()
            return TryAgain(retry_after=2)


def _settle(listeners: Sequence[Callable[[Result | DomainError], None]], results: Sequence[Result | DomainError]) -> None:
    for then, result in zip(listeners, results, strict=True):
        try:
            then(result)
        except Exception as problem:  # one broken socket never silences the rest of the batch
            log.exception("listener_failed problem=%s", type(problem).__name__)
