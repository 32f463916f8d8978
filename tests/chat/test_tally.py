"""What the meter counted is written down, and who crossed a step hears of it."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.actions import data_use, people
from accounts.models import DataUse, Person
from chat import tally
from chat.engine import Engine
from chat.hints import Spent
from chat.tally import Tally
from core import clock as clock_module
from live.meter import Meter, meter
from live.pool import read
from tests.chat.in_process import InProcess
from tests.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = 100_000
PHONE = uuid4()


class Ears:
    """What the sockets of this process heard, and what the other processes did."""

    def __init__(self) -> None:
        self.here: list[Spent] = []
        self.there: list[Spent] = []

    def tally(self, counted: Meter) -> Tally:
        return Tally(counted, here=lambda news: self.here.extend(news.spent), there=lambda news: self.there.extend(news.spent))


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def counted() -> Meter:
    return Meter()


@pytest.fixture
def frugal(fatima: Person, now: datetime, clock: Clock) -> Person:
    data_use.forget()
    return people.update_settings(person=fatima, data_budget=BUDGET, by=fatima, now=now)


class TestOnce:
    async def test_writes_what_was_counted(self, process: InProcess, frugal: Person, counted: Meter, ears: Ears) -> None:
        counted.count(frugal.id, PHONE, sent=10, received=20)

        await ears.tally(counted).once()

        row = await read(DataUse.objects.get)
        assert (row.person_id, row.sent, row.received) == (frugal.id, 10, 20)
        assert counted.take() == []
        assert (ears.here, ears.there) == ([], [])

    async def test_tells_a_step_once_everywhere_and_the_end_again_here(
        self, process: InProcess, frugal: Person, counted: Meter, ears: Ears
    ) -> None:
        for sent in (60_000, 5_000, 40_000, 1):
            counted.count(frugal.id, PHONE, sent=sent)
            await ears.tally(counted).once()

        half, end = Spent(frugal.id, 50, 60_000, BUDGET), Spent(frugal.id, 100, 105_000, BUDGET)
        assert ears.there == [half, end]
        assert ears.here == [half, end, Spent(frugal.id, 100, 105_001, BUDGET)]

    async def test_keeps_what_could_not_be_written(
        self, process: InProcess, frugal: Person, counted: Meter, ears: Ears, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: Any, **__: Any) -> None:
            raise RuntimeError("no database")

        counted.count(frugal.id, PHONE, sent=1)
        with monkeypatch.context() as patch:
            patch.setattr(data_use, "add", fails)
            await ears.tally(counted).once()
        counted.count(frugal.id, PHONE, sent=2)
        await ears.tally(counted).once()

        assert (await read(DataUse.objects.get)).sent == 3

    async def test_asks_nothing_when_nothing_was_counted(self, counted: Meter, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(data_use, "add", None)

        await ears.tally(counted).once()


class TestRun:
    async def test_comes_back_every_time(
        self, process: InProcess, frugal: Person, counted: Meter, ears: Ears, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tally, "FLUSH_SECONDS", 0.01)
        running = asyncio.ensure_future(ears.tally(counted).run())
        for times in (1, 2):
            counted.count(frugal.id, PHONE, sent=1)
            async with asyncio.timeout(5):
                while await read(_sent) < times:
                    await asyncio.sleep(0.01)
        running.cancel()

        assert not counted.take()


class AnOutlet:
    """An open way to somebody's device that writes down what it hears of budgets."""

    def __init__(self, person_id: UUID) -> None:
        self.person_id, self.device_id, self.access_version = person_id, uuid4(), 0
        self.heard: list[tuple[int, int, int]] = []

    def budget(self, step: int, used: int, budget: int) -> None:
        self.heard.append((step, used, budget))

    def conversation_ids(self) -> list[UUID]:
        return []

    def withdraw(self, code: int, *, retry_after: int | None = None) -> None:
        """A drain says goodbye."""


class TestTheEngine:
    async def test_brings_it_to_the_sockets_of_who_it_is_about(self, process: InProcess, frugal: Person, annemie: Person) -> None:
        hers, theirs = AnOutlet(frugal.id), AnOutlet(annemie.id)
        for outlet in (hers, theirs):
            process.hub.add(outlet)  # type: ignore[arg-type]  # as much of one as this is about
        try:
            meter.count(frugal.id, PHONE, received=BUDGET)
            await process.engine.tally.once()
            process.engine._heard({"ranges": [], "marks": [], "refresh": [], "recheck": [], "spent": [[frugal.id.bytes, 50, 1, 2]]})
        finally:
            for outlet in (hers, theirs):
                process.hub.remove(outlet)  # type: ignore[arg-type]  # as above

        assert hers.heard == [(100, BUDGET, BUDGET), (50, 1, 2)]
        assert theirs.heard == []

    async def test_writes_the_last_of_it_when_it_drains(self, process: InProcess, frugal: Person, settings: Any) -> None:
        settings.MAATJE_DRAIN_LEAD = 0
        meter.count(frugal.id, PHONE, sent=7)

        await process.engine.drain(seconds=2)

        assert await read(_sent) == 7


async def test_a_changed_setting_makes_open_sockets_look_again(
    process: InProcess, fatima: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[UUID] = []
    monkeypatch.setattr(Engine, "_take", lambda self, news: heard.extend(news.recheck))

    await read(people.update_settings, person=fatima, low_data=True, by=fatima, now=clock_module.now())
    await process.settle()

    assert heard == [fatima.id]


def _sent() -> int:
    return sum(DataUse.objects.values_list("sent", flat=True))
