"""Notices survive whatever becomes of those who send them: none is lost, and one that comes twice is known by its id."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.doubles.sms_gateway import Answer, Asked, SmsGateway
from tests.notifications.crash import WHO, Pen
from tests.promises import houses
from tests.services import migrated

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
pytestmark = [pytest.mark.delivery, pytest.mark.timeout(600 if IS_LONG else 120)]

GROUPS = {"postgres": (20, 5), "sqlite": (5, 2)}  # of victims, who are at work and killed together
LETTERS = 5_000 if IS_LONG else 300  # for two workers at once
LEASE = 61  # seconds that the next workers' clocks are ahead, so that what the last ones held is free


class Receiver(SmsGateway):
    """Takes every text and, when it is told to, kills whoever brings their n-th, before it can answer."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self._left: dict[int, int] = {}
        self._counting = threading.Lock()
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # those who are killed hang up

    def kill(self, pid: int, *, at_letter: int) -> None:
        with self._counting:
            self._left[pid] = at_letter

    @property
    def victims(self) -> list[int]:
        """Those who are still to be killed."""
        with self._counting:
            return list(self._left)

    def forget(self) -> None:
        self.ids.clear()
        self.asked.clear()
        self.taken.clear()

    def answer(self, asked: Asked) -> Answer:
        with self._counting:
            self.ids.append(asked.headers["idempotency-key"])
            bringer = int(asked.headers[WHO])
            if bringer in self._left:
                self._left[bringer] -= 1
                if self._left[bringer] <= 0:
                    os.kill(bringer, signal.SIGKILL)
                    del self._left[bringer]
        return super().answer(asked)


@pytest.fixture(scope="module", params=GROUPS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pen, Receiver]]:
    """A database, a pen of workers beside it, and where they all send to."""
    folder = tmp_path_factory.mktemp("pen")
    url = houses.postgres().database("notices", is_migrated=True) if request.param == "postgres" else ""
    if not url:
        migrated.lay_sqlite(folder / "maatje.sqlite3")
    with Receiver() as receiver, Pen(folder, database_url=url, MAATJE_SMS_URL=receiver.url) as pen:
        assert pen.ask("migrate") == "done"
        yield pen, receiver


@pytest.fixture
def receiver(place: tuple[Pen, Receiver]) -> Receiver:
    place[1].forget()
    return place[1]


@pytest.fixture
def pen(place: tuple[Pen, Receiver], receiver: Receiver) -> Pen:
    assert place[0].ask("clear") == "done"
    return place[0]


def wait_until_all_are_sent(pen: Pen, count: int, *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while (states := pen.ask("states")) != {"sent": count, "untold": 0}:
        assert time.monotonic() < end, f"still {states}; the first lines of the pen's log say why"
        time.sleep(0.05)


class TestNoticesSurvive:
    def test_workers_that_are_killed_between_claim_and_settle(self, request: pytest.FixtureRequest, pen: Pen, receiver: Receiver) -> None:
        groups, size = GROUPS[request.node.callspec.params["place"]]
        dice, count = random.Random(f"{groups} groups"), 140 * size  # more than all of a group hold at a time, to the last
        assert pen.ask("post", count=count) == "done"

        for number in range(groups):
            group = [pen.start(ahead=number * LEASE) for _ in range(size)]
            for worker in group:
                receiver.kill(worker, at_letter=dice.randint(1, 25))
            for worker in group:
                pen.gone(worker)
        last = pen.start(ahead=groups * LEASE)
        wait_until_all_are_sent(pen, count)
        pen.end(last)

        assert receiver.victims == []
        assert set(receiver.ids) == set(pen.ask("sent")), "lost, or never asked for"
        assert len(receiver.taken) == count
        assert len(receiver.ids) > count, "nobody was killed with a letter under way"

    def test_two_workers_send_each_letter_once(self, pen: Pen, receiver: Receiver) -> None:
        assert pen.ask("post", count=LETTERS) == "done"

        workers = [pen.start(), pen.start()]
        wait_until_all_are_sent(pen, LETTERS, seconds=300 if IS_LONG else 60)
        for worker in workers:
            pen.end(worker)

        assert [id_ for id_, times in Counter(receiver.ids).items() if times > 1] == []
        assert len(receiver.ids) == LETTERS

    def test_a_worker_that_is_told_to_stop_ends_what_it_began_and_gives_back_the_rest(self, pen: Pen, receiver: Receiver) -> None:
        assert pen.ask("post", count=200) == "done"

        worker = pen.start()
        while len(receiver.ids) < 50:
            time.sleep(0.005)
        pen.end(worker)
        successor = pen.start()  # by the same clock: a lease that was kept would hold it up for a minute
        wait_until_all_are_sent(pen, 200, seconds=20)
        pen.end(successor)

        assert len(receiver.ids) == len(set(receiver.ids)) == 200
