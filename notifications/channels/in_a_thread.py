"""Libraries that block, in a thread of their own: in order, one batch at a time, and left behind when time is up."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from notifications.sending import TIMEOUT, Fate, Letter, Retry

log = structlog.get_logger()

NOT_REACHED = Retry("timeout")
UNFORESEEN = Retry("unforeseen", alarms=True)


class Batch:
    """The letters of one call, with the fates that are known so far; one that was not reached is for later."""

    def __init__(self, letters: Sequence[Letter], seconds: float) -> None:
        self.letters = tuple(letters)
        self.fates: list[Fate] = [NOT_REACHED] * len(self.letters)
        self._ends_at = time.monotonic() + seconds
        self._is_given_up = False

    @property
    def seconds_left(self) -> float:
        return 0.0 if self._is_given_up else max(0.0, self._ends_at - time.monotonic())

    def give_up(self) -> None:
        """Begin with no further letter."""
        self._is_given_up = True

    def each(self, send: Callable[[Letter], Fate]) -> None:
        """Send one after the other while there is time. What nobody foresaw costs its own letter only."""
        for place, letter in enumerate(self.letters):
            if not self.seconds_left:
                return
            try:
                self.fates[place] = send(letter)
            except Exception as problem:  # one bad letter never stops the others
                self.fates[place] = UNFORESEEN
                log.error("channel_broke", error=type(problem).__name__)  # noqa: TRY400  # its message could hold somebody's address


class OneThread:
    """Where a channel's blocking work is done. A batch that hangs is answered in time; the next one waits for its thread."""

    def __init__(self, name: str, *, seconds: float = TIMEOUT) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._seconds = seconds
        self._is_over = False

    async def fates(self, letters: Sequence[Letter], work: Callable[[Batch], None]) -> list[Fate]:
        """What became of each letter after `work` saw the batch, or as far as it came in time."""
        batch = Batch(letters, self._seconds)
        done = asyncio.get_running_loop().run_in_executor(self._pool, work, batch)
        try:
            await asyncio.wait({done}, timeout=self._seconds)
        finally:
            batch.give_up()
        if done.done() and (problem := done.exception()):
            log.error("channel_broke", error=type(problem).__name__)
            return [UNFORESEEN if fate == NOT_REACHED else fate for fate in batch.fates]
        return list(batch.fates)

    async def end(self, work: Callable[[], None]) -> None:
        """Let go of what the thread holds, and of the thread; once."""
        if self._is_over:
            return
        self._is_over = True
        done = asyncio.get_running_loop().run_in_executor(self._pool, work)
        self._pool.shutdown(wait=False)
        await asyncio.wait({done}, timeout=2)
