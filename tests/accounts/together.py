"""Run something in many threads that all begin at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def together(what: Callable[[int], T], *, threads: int) -> list[T | Exception]:
    """What each thread returned or raised, in the order of their numbers."""
    barrier = Barrier(threads)

    def one(number: int) -> T | Exception:
        barrier.wait(timeout=30)
        try:
            return what(number)
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
