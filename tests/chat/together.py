"""Many threads that all begin at the same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")
PATIENCE = 60


def together(what: Callable[[int], T], *, threads: int) -> list[T]:
    """What each thread returned, in the order of their numbers. A database too busy for one more connection is asked again."""
    barrier = Barrier(threads)

    def one(number: int) -> T:
        barrier.wait(PATIENCE)
        try:
            return _patiently(what, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads), timeout=PATIENCE * 2))


def _patiently(what: Callable[[int], T], number: int) -> T:
    for _ in range(4):
        try:
            return what(number)
        except OperationalError:
            connection.close()
    return what(number)
