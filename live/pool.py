"""Threads for reading the database from the event loop, with their own connections and a bound."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4
_executor = ThreadPoolExecutor(READERS, thread_name_prefix="maatje-read")


async def read(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a database read in a thread; the caller's loop stays free.

    The threads keep their connections, so one that died while it was idle is found by its first use and replaced.
    """

    def run() -> T:
        try:
            return function(*args, **kwargs)
        except (OperationalError, InterfaceError):
            connection.close()
            return function(*args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(_executor, run)
