"""Reading from threads: the loop stays free, and a connection that died while idle is replaced."""

import asyncio
import threading

import pytest
from django.db import InterfaceError, OperationalError

from live import pool
from live.pool import read


class TestRead:
    async def test_runs_elsewhere(self) -> None:
        assert await read(threading.get_ident) != threading.get_ident()

    async def test_hands_arguments_over_and_the_result_back(self) -> None:
        assert await read(divmod, 7, 3) == (2, 1)
        assert await read(int, "11", base=2) == 3

    @pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
    async def test_tries_once_more_when_the_connection_had_died(self, problem: type[Exception]) -> None:
        problems = [problem("closed")]

        def look() -> str:
            if problems:
                raise problems.pop()
            return "there"

        assert await read(look) == "there"

    async def test_gives_up_when_there_is_no_database(self) -> None:
        def look() -> str:
            raise OperationalError("gone")

        with pytest.raises(OperationalError):
            await read(look)

    async def test_runs_no_more_at_a_time_than_there_are_readers(self) -> None:
        running, most = 0, 0
        lock = threading.Lock()
        enough = threading.Event()

        def look() -> None:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            enough.wait(0.02)
            with lock:
                running -= 1

        await asyncio.gather(*(read(look) for _ in range(20)))

        assert most <= pool.READERS
