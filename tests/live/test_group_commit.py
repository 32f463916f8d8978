"""Many submit, one thread commits, each hears its own result on the loop."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
import pytest_asyncio
from django.db import IntegrityError, InterfaceError, OperationalError

from core.errors import DomainError, TryAgain
from live import group_commit
from live.group_commit import Lane


class Desk:
    """A handler whose first batch waits until it may go on, so that a second one gathers."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.go_on = threading.Event()
        self.fails: Callable[[Sequence[Any]], None] = lambda items: None

    def __call__(self, items: Sequence[Any]) -> Sequence[str]:
        self.batches.append(list(items))
        if len(self.batches) == 1:
            self.go_on.wait(5)
        self.fails(items)
        return [f"done {item}" for item in items]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest_asyncio.fixture
async def lane(desk: Desk) -> AsyncIterator[Lane[Any, str]]:
    running: Lane[Any, str] = Lane("test", desk, loop=asyncio.get_running_loop())
    yield running
    desk.go_on.set()
    await asyncio.to_thread(running.stop, timeout=5)


class Answers:
    """Who heard what, in order."""

    def __init__(self, lane: Lane[Any, str], desk: Desk) -> None:
        self.lane, self.desk = lane, desk
        self.heard: list[tuple[Any, Any]] = []
        self.asked = 0

    def ask(self, *items: Any) -> None:
        for item in items:
            self.asked += 1
            self.lane.submit(item, lambda result, item=item: self.heard.append((item, result)))  # type: ignore[misc]  # a bound default

    async def wait(self) -> dict[Any, Any]:
        self.desk.go_on.set()
        async with asyncio.timeout(5):
            while len(self.heard) < self.asked:
                await asyncio.sleep(0.001)
        return {item: result.code if isinstance(result, DomainError) else result for item, result in self.heard}


@pytest.fixture
def answers(lane: Lane[Any, str], desk: Desk) -> Answers:
    return Answers(lane, desk)


async def busy(answers: Answers) -> None:
    """The first item is being committed; what comes now gathers."""
    answers.ask(0)
    async with asyncio.timeout(5):
        while not answers.desk.batches:
            await asyncio.sleep(0.001)


class TestLane:
    async def test_gives_each_its_own_result_in_order(self, answers: Answers) -> None:
        answers.ask(*range(20))

        assert await answers.wait() == {item: f"done {item}" for item in range(20)}
        assert [item for item, _ in answers.heard] == list(range(20))

    async def test_commits_together_what_gathered_meanwhile(self, answers: Answers, desk: Desk) -> None:
        await busy(answers)
        answers.ask(*range(1, 6))

        await answers.wait()

        assert desk.batches == [[0], [1, 2, 3, 4, 5]]

    async def test_takes_no_more_than_a_batch_holds(self, answers: Answers, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(group_commit, "MAX_BATCH", 3)
        await busy(answers)
        answers.ask(*range(1, 8))

        await answers.wait()

        assert [len(batch) for batch in desk.batches] == [1, 3, 3, 1]

    async def test_answers_on_the_loop(self, answers: Answers, lane: Lane[Any, str], desk: Desk) -> None:
        threads: list[int] = []
        desk.go_on.set()

        lane.submit("x", lambda result: threads.append(threading.get_ident()))
        async with asyncio.timeout(5):
            while not threads:
                await asyncio.sleep(0.001)

        assert threads == [threading.get_ident()]


class TestWhenOneItemIsBad:
    @pytest.mark.filterwarnings("ignore")
    async def test_it_alone_fails(self, answers: Answers, desk: Desk) -> None:
        def fail(items: Sequence[Any]) -> None:
            if 3 in items:
                raise IntegrityError("three")

        desk.fails = fail
        await busy(answers)
        answers.ask(1, 2, 3, 4)

        assert await answers.wait() == {0: "done 0", 1: "done 1", 2: "done 2", 3: "try_again", 4: "done 4"}
        assert desk.batches == [[0], [1, 2, 3, 4], [1], [2], [3], [4]]

    async def test_the_lane_goes_on(self, answers: Answers, desk: Desk) -> None:
        desk.fails = lambda items: 1 / 0  # type: ignore[assignment]  # it fails on purpose
        answers.ask("bad")
        assert await answers.wait() == {"bad": "try_again"}
        desk.fails = lambda items: None

        answers.ask("good")

        assert (await answers.wait())["good"] == "done good"


class TestWhenTheDatabaseIsGone:
    @pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
    async def test_everybody_is_asked_to_try_again(self, answers: Answers, desk: Desk, problem: type[Exception]) -> None:
        def fail(items: Sequence[Any]) -> None:
            raise problem("gone")

        await busy(answers)
        desk.fails = fail
        answers.ask(1, 2)

        assert await answers.wait() == {0: "try_again", 1: "try_again", 2: "try_again"}
        assert isinstance(answers.heard[0][1], TryAgain)
        assert answers.heard[0][1].facts["retry_after"] >= 1

    async def test_a_connection_that_died_while_idle_is_replaced_at_once(self, answers: Answers, desk: Desk) -> None:
        problems = [OperationalError("the server closed the connection")]

        def fail(items: Sequence[Any]) -> None:
            if problems:
                raise problems.pop()

        desk.fails = fail
        answers.ask(1)

        assert await answers.wait() == {1: "done 1"}
        assert desk.batches == [[1], [1]]


class TestWhenItIsFull:
    async def test_the_rest_is_asked_to_try_again(self, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(group_commit, "MAX_WAITING", 2)
        await busy(answers)
        answers.ask(1, 2, 3, 4)

        assert await answers.wait() == {0: "done 0", 1: "done 1", 2: "done 2", 3: "try_again", 4: "try_again"}


class TestStop:
    async def test_commits_and_answers_what_was_taken_in(self, answers: Answers, lane: Lane[Any, str], desk: Desk) -> None:
        await busy(answers)
        answers.ask(*range(1, 10))
        desk.go_on.set()

        await asyncio.to_thread(lane.stop, timeout=5)

        assert await answers.wait() == {item: f"done {item}" for item in range(10)}

    async def test_takes_nothing_in_afterwards(self, answers: Answers, lane: Lane[Any, str], desk: Desk) -> None:
        desk.go_on.set()
        await asyncio.to_thread(lane.stop, timeout=5)

        answers.ask("late")

        assert await answers.wait() == {"late": "try_again"}

    async def test_loses_nobody_who_submits_while_it_stops(self, answers: Answers, lane: Lane[Any, str], desk: Desk) -> None:
        """Whoever submits hears something: done, or try again."""
        desk.go_on.set()
        stopping = asyncio.ensure_future(asyncio.to_thread(lane.stop, timeout=5))
        for item in range(200):
            answers.ask(item)
            if item % 10 == 0:
                await asyncio.sleep(0)
        await stopping

        heard = await answers.wait()

        assert set(heard.values()) <= {"try_again", *(f"done {item}" for item in range(200))}
        assert len(heard) == 200

    async def test_answers_who_slips_in_behind_the_end(
        self, answers: Answers, lane: Lane[Any, str], desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A REST thread that found the lane open, and put its draft in after the lane had ended."""
        desk.go_on.set()
        waiting = lane._queue

        class ClosesMeanwhile:
            put, get, empty = waiting.put, waiting.get, waiting.empty

            def qsize(self) -> int:
                lane.stop(timeout=5)
                return 0

        monkeypatch.setattr(lane, "_queue", ClosesMeanwhile())
        answers.ask("late")

        assert await answers.wait() == {"late": "try_again"}

    async def test_twice_harms_nobody(self, lane: Lane[Any, str], desk: Desk) -> None:
        desk.go_on.set()
        for _ in range(2):
            await asyncio.to_thread(lane.stop, timeout=5)


class TestAListenerThatFails:
    async def test_does_not_silence_the_others(self, answers: Answers, lane: Lane[Any, str]) -> None:
        await busy(answers)
        lane.submit("broken socket", _break)
        answers.ask(1)

        assert await answers.wait() == {0: "done 0", 1: "done 1"}


def _break(result: object) -> None:
    raise ZeroDivisionError
