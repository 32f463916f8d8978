"""The worker with channels that a test writes, in its own threads on a real database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import Person
from core import clock, facts
from notifications.actions import claiming, periodic
from notifications.facts import NoticesWritten
from notifications.models import AddressKind, Delivery, DeliveryState, Notice, NoticeChoices, NoticeKind, PeriodicRun
from notifications.outfit import Way
from notifications.sending import Fate, Gone, Letter, Retry, Sent
from notifications.worker import Worker
from notifications.worker.bell import Bell
from tests.factories import make_person
from tests.notifications.post import make_address, make_delivery


class Told:
    """A channel that answers as it is told, and keeps what it was given."""

    def __init__(self, name: str = "console", *, fate: Fate | None = None, wait: asyncio.Event | None = None) -> None:
        self.name = name
        self.kinds = frozenset({name})
        self.fate = fate or Sent()
        self.wait = wait
        self.batches: list[list[Letter]] = []
        self.is_closed = False

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        self.batches.append(list(letters))
        if self.wait:
            await self.wait.wait()
        return [self.fate] * len(letters)

    async def close(self) -> None:
        self.is_closed = True

    @property
    def letters(self) -> list[Letter]:
        return [letter for batch in self.batches for letter in batch]


class Broken(Told):
    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        raise ZeroDivisionError


class Forgetful(Told):
    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        return (await super().send(letters))[1:]


def way(channel: Told, *, batch: int = 10, at_once: int = 1) -> Way:
    return Way(channel, channel.kinds, batch, at_once)


async def until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(is_so):
            await asyncio.sleep(0.01)


@asynccontextmanager
async def working(*ways: Way) -> AsyncIterator[Worker]:
    """A worker that runs, and has ended well afterwards."""
    worker = Worker(ways)
    running = asyncio.ensure_future(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(running, 20)


@pytest.fixture
def person() -> Person:
    """Somebody whom nothing keeps from being told at any hour."""
    return make_wakeful()


def make_wakeful() -> Person:
    person = make_person(is_alone=True)
    NoticeChoices.objects.create(person=person, quiet_from=time(0), quiet_until=time(0))
    return person


def deliver(person: Person, count: int = 1, *, by: str = "console", **given: Any) -> list[Delivery]:
    at = clock.now()
    address = None if by == "console" else make_address(person, kind=AddressKind(by), now=at)
    return [make_delivery(person, address=address, now=at, **given) for _ in range(count)]


def state(delivery: Delivery) -> tuple[str, str]:
    delivery.refresh_from_db()
    return delivery.state, delivery.last_error


@pytest.mark.django_db(transaction=True)
class TestOnce:
    async def test_tells_sends_and_settles_all_that_is_due(self, person: Person) -> None:
        at = clock.now()
        address = await asyncio.to_thread(make_address, person, value="+32470000001", now=at)
        await Notice.objects.acreate(
            person=person,
            kind=NoticeKind.CIRCLE,
            made_at=at,
            due_at=at,
            expires_at=at + timedelta(hours=1),
            dedupe_key="1",
            collapse_key="1",
        )
        channel = Told("sms")

        assert await Worker([way(channel)]).once()

        (letter,) = channel.letters
        delivery = await Delivery.objects.aget()
        assert (letter.id, letter.address, letter.text, letter.language) == (delivery.id, "+32470000001", "Je hebt een bericht.", "nl")
        assert 3500 < letter.ttl <= 3600
        assert (delivery.state, delivery.address_id) == (DeliveryState.SENT, address.id)
        assert channel.is_closed

    async def test_takes_no_more_at_a_time_than_the_way_allows(self, person: Person) -> None:
        await asyncio.to_thread(deliver, person, 7)
        channel = Told()

        await Worker([way(channel, batch=3)]).once()

        assert [len(batch) for batch in channel.batches] == [3, 3, 1]

    async def test_leaves_what_has_no_way_waiting(self, person: Person) -> None:
        (delivery,) = await asyncio.to_thread(deliver, person, by="email")

        await Worker([way(Told())]).once()

        assert await asyncio.to_thread(state, delivery) == ("waiting", "")

    async def test_settles_what_came_to_its_end_unsent(self, person: Person) -> None:
        (delivery,) = await asyncio.to_thread(deliver, person, minutes=-1)
        channel = Told()

        await Worker([way(channel)]).once()

        assert (await asyncio.to_thread(state, delivery))[0] == "expired"
        assert channel.batches == []

    @pytest.mark.parametrize("channel", [Broken(), Forgetful()], ids=["raises", "forgets a letter"])
    async def test_tries_again_when_a_channel_breaks_its_promise(self, person: Person, channel: Told) -> None:
        made = await asyncio.to_thread(deliver, person, 2)

        await Worker([way(channel)]).once()

        assert [await asyncio.to_thread(state, one) for one in made] == [("waiting", "channel_broke")] * 2

    async def test_leaves_a_channel_alone_that_needs_an_operator(self, person: Person) -> None:
        for _ in range(5):
            await asyncio.to_thread(lambda: deliver(make_wakeful()))
        await asyncio.to_thread(deliver, person, 5, by="email")
        refusing, well = Told(fate=Retry("http_401", alarms=True)), Told("email")

        await Worker([way(refusing, batch=3), way(well, batch=2)]).once()

        assert [len(batch) for batch in refusing.batches] == [3]
        assert len(well.letters) == 5


@pytest.mark.django_db(transaction=True)
class TestRun:
    async def test_sends_at_once_what_was_written_here(self, person: Person) -> None:
        channel = Told()
        async with working(way(channel)):
            await until(lambda: PeriodicRun.objects.count() >= 0)

            def write() -> None:
                with transaction.atomic():
                    deliver(person)
                    facts.record(NoticesWritten())

            await asyncio.to_thread(write)
            await until(lambda: channel.letters)

        assert (await Delivery.objects.aget()).state == DeliveryState.SENT

    async def test_finds_by_itself_what_others_wrote(self, person: Person) -> None:
        channel = Told()
        async with working(way(channel)):
            await asyncio.to_thread(deliver, person)
            await until(lambda: channel.letters)

    async def test_a_slow_channel_holds_up_no_other(self, person: Person) -> None:
        over = asyncio.Event()
        slow, quick = Told(wait=over), Told("email")
        async with working(way(slow), way(quick)):
            await asyncio.to_thread(deliver, person, 30)
            await asyncio.to_thread(deliver, person, 30, by="email")
            await until(lambda: len(quick.letters) == 30)
            under_way = len(slow.batches)
            over.set()

        assert under_way == 1

    async def test_settles_at_the_end_what_is_under_way_and_takes_nothing_more(self, person: Person) -> None:
        over = asyncio.Event()
        slow = Told(wait=over)
        made = await asyncio.to_thread(deliver, person, 12)
        async with working(way(slow, batch=4)) as worker:
            await until(lambda: slow.batches)
            worker.stop()
            await asyncio.sleep(0)
            over.set()

        states = [await asyncio.to_thread(state, one) for one in made]
        assert states.count(("sent", "")) == 4
        assert await Delivery.objects.filter(lease_token__isnull=False, state="waiting").acount() == 0

    async def test_does_not_send_what_it_held_so_long_that_another_may_have_it(
        self, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (delivery,) = await asyncio.to_thread(deliver, person)
        channel = Told()
        monkeypatch.setattr(claiming, "LEASE", timedelta(seconds=1))  # as if this machine had slept through the rest

        worker = Worker([way(channel)])
        running = asyncio.ensure_future(worker.run())
        await asyncio.sleep(0.3)
        worker.stop()
        await running

        assert channel.batches == []
        assert await asyncio.to_thread(state, delivery) == ("waiting", "")


class TestBell:
    def test_rings_once_a_minute_for_each_code_with_the_remedy(self, caplog: pytest.LogCaptureFixture) -> None:
        bell = Bell()
        with caplog.at_level(logging.ERROR):
            for at in (0.0, 1.0, 59.0, 60.0):
                bell.heard("sms", [Retry("http_401", alarms=True), Retry("timeout"), Sent()], at=at)
            bell.heard("sms", [Gone("http_410", alarms=True)], at=1.0)

        said = [record.getMessage() for record in caplog.records]
        assert [line.split(" remedy")[0] for line in said] == [
            "notices_need_you channel=sms code=http_401 letters=1",
            "notices_need_you channel=sms code=http_401 letters=3",
            "notices_need_you channel=sms code=http_410 letters=1",
        ]
        assert "MAATJE_SMS_HEADERS" in said[0]


@pytest.mark.django_db
class TestPeriodic:
    @pytest.fixture(autouse=True)
    def _nothing_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(periodic, "_jobs", {})

    def test_is_done_once_in_its_slot_however_many_ask(self, now: datetime) -> None:
        done: list[datetime] = []

        @periodic.every(hours=1)
        def count(*, now: datetime) -> None:
            done.append(now)

        instants = [now, now + timedelta(minutes=29), now + timedelta(minutes=31), now + timedelta(minutes=90)]  # now: half past nine
        assert [len(periodic.run_due(now=at).done) for at in instants] == [1, 0, 1, 1]
        assert done == [instants[0], instants[2], instants[3]]

    def test_leaves_no_trace_when_it_fails_and_is_tried_again(
        self, now: datetime, fatima: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        tries: list[int] = []

        @periodic.every(hours=24)
        def breaks_once(*, now: datetime) -> None:
            tries.append(1)
            Notice.objects.create(
                person=fatima, kind=NoticeKind.NUDGE, made_at=now, due_at=now, expires_at=now, dedupe_key=uuid4().hex, collapse_key="n"
            )
            if len(tries) == 1:
                raise ValueError("what somebody wrote")

        assert periodic.run_due(now=now).failed == ("breaks_once",)
        assert not Notice.objects.exists() and not PeriodicRun.objects.exists()
        assert periodic.run_due(now=now).done == ("breaks_once",)
        assert Notice.objects.count() == 1
        assert "periodic_failed job=breaks_once problem=ValueError" in caplog.text
        assert "somebody wrote" not in caplog.text

    def test_in_steps_keeps_what_was_done_before_it_failed_and_is_tried_again(self, now: datetime, fatima: Person) -> None:
        tries: list[int] = []

        @periodic.every(hours=24, in_steps=True)
        def ends_at_last(*, now: datetime) -> None:
            NoticeChoices.objects.get_or_create(person=fatima)
            tries.append(1)
            if len(tries) == 1:
                raise ValueError

        assert periodic.run_due(now=now).failed == ("ends_at_last",)
        assert NoticeChoices.objects.filter(person=fatima).exists()
        assert [len(periodic.run_due(now=at).done) for at in (now, now, now + timedelta(hours=24))] == [1, 0, 1]

    def test_in_steps_is_begun_by_one_and_by_another_only_when_nobody_can_still_be_at_it(self, now: datetime) -> None:
        begun_meanwhile: list[periodic.Round] = []

        @periodic.every(hours=24, in_steps=True)
        def long(*, now: datetime) -> None:
            if not begun_meanwhile:
                begun_meanwhile.append(periodic.run_due(now=now + timedelta(minutes=1)))
                raise KeyboardInterrupt  # as if it was killed

        with pytest.raises(KeyboardInterrupt):
            periodic.run_due(now=now)

        assert begun_meanwhile == [periodic.Round((), ())]
        assert [len(periodic.run_due(now=at).done) for at in (now + timedelta(minutes=1), now + periodic.LONGEST_BEGUN)] == [0, 1]

    def test_in_steps_leaves_no_row_for_each_time_that_it_was_done(self, now: datetime) -> None:
        @periodic.every(minutes=1, in_steps=True)
        def often(*, now: datetime) -> None:
            """Do nothing."""

        for minute in range(5):
            periodic.run_due(now=now + timedelta(minutes=minute))

        assert PeriodicRun.objects.filter(name="often").count() == 1
        assert PeriodicRun.objects.count() == 2
