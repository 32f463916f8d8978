"""The worker's own threads for the database, with connections of their own: its loop never waits for one."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connection, connections

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """SQLite has one writer, so one thread; PostgreSQL as many as channels may want at a time."""

    def __init__(self, *, threads: int = 0) -> None:
        self._threads = threads or (4 if connection.vendor == "postgresql" else 1)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="maatje-notices")

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a thread; on PostgreSQL its connection goes back into the pool afterwards."""

        def work() -> T:
            close_old_connections()
            try:
                return function(*args, **kwargs)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def end(self) -> None:
        """Close every thread's connection."""
        together = threading.Barrier(self._threads, timeout=5)  # so that each thread gets one

        def close() -> None:
            connections.close_all()
            together.wait()

        for _ in range(self._threads):
            self._pool.submit(close)
        self._pool.shutdown()
