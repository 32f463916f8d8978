"""Progress of long benches on stderr: a bar on a terminal, elsewhere a line every few seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

LINE_EVERY = 5.0


class Steps:
    """How far a bench is."""

    def __init__(self, total: int, bar: Progress | None) -> None:
        self.total = total
        self.done = 0
        self._bar = bar
        self._task = bar.add_task("", total=total) if bar else None
        self._said_at = 0.0

    def now(self, what: str, *, done: int | None = None) -> None:
        """Say what happens now; `done` sets how many steps are over."""
        self.done = self.done if done is None else done
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=what, completed=self.done)
        elif time.monotonic() - self._said_at > LINE_EVERY:
            self._said_at = time.monotonic()
            print(f"{what} ({self.done}/{self.total})", file=sys.stderr, flush=True)

    def step(self) -> None:
        self.done += 1
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self.done)


@contextmanager
def progress(total: int) -> Iterator[Steps]:
    if not sys.stderr.isatty():
        yield Steps(total, None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Steps(total, bar)
