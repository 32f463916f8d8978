"""Several workers at once, and one that dies."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from chat.models import Conversation
from notifications.actions.telling import tell_due
from notifications.models import Delivery, Notice, NoticeState, PushAddress
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_circle, make_device, make_person
from tests.notifications.conftest import fates, forget_introductions, ring
from tests.notifications.outbox import deliveries, read, waits

pytestmark = [pytest.mark.delivery, pytest.mark.usefixtures("quiet_start")]


class TestWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_several_at_once_tell_everything_once(self, clock: Clock) -> None:
        for _ in range(40):
            person = make_person(now=clock(), is_alone=True)
            ring(make_device(person=person, now=clock())[0], now=clock())
            waits(person, "circle", clock())
        looked: list[int] = []
        together = Barrier(3)

        def work() -> None:
            together.wait()
            looked.append(tell_due(now=clock(), limit=1000))

        for thread in [in_a_thread(work) for _ in range(3)]:
            thread.join()

        assert sum(looked) == Delivery.objects.count() == Notice.objects.filter(state=NoticeState.TOLD).count() == 40

    @pytest.mark.django_db(transaction=True)
    def test_a_message_that_is_being_sent_keeps_its_notice_from_being_dropped(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        """Its transaction holds the notice that waits already; a worker comes before, or after, and never in between."""
        [seq] = sent(message(annemie, conversation), now=clock())
        read(rings.person, conversation, seq)  # so that a worker that does not see the next message would drop the notice

        with transaction.atomic():
            sent(message(annemie, conversation), now=clock())
            worker = in_a_thread(lambda: tell_due(now=clock()))
            if connection.vendor == "postgresql":
                worker.join()  # it skips what is locked; SQLite's waits for us
        worker.join()
        tell_due(now=clock())

        assert fates(rings.person) == ["told"]

    @pytest.mark.django_db(transaction=True)
    def test_a_notice_that_is_being_dropped_keeps_no_message_from_being_told(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        read(rings.person, conversation, seq)

        with transaction.atomic():
            tell_due(now=clock())
            sender = in_a_thread(lambda: sent(message(annemie, conversation), now=clock()))
            while connection.vendor == "postgresql" and not somebody_waits_for_a_lock():
                pass
        sender.join()
        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new", "told"]

    def test_one_that_dies_leaves_everything_as_it_was(self, rings: PushAddress, clock: Clock) -> None:
        waits(rings.person, "circle", clock())

        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            tell_due(now=clock())
            raise KeyboardInterrupt

        assert (fates(rings.person, "circle"), deliveries()) == (["waiting"], [])

    def test_many_take_as_many_queries_as_one(self, annemie: Person, nele: Person, bram: Person, clock: Clock) -> None:
        def counted(pairs: int) -> int:
            for _ in range(pairs):
                person = make_person(now=clock())
                ring(make_device(person=person, now=clock())[0], now=clock())
                room = make_circle(people=[person, annemie], coordinator=nele, deputy=bram, now=clock()).conversation
                forget_introductions()
                sent(message(annemie, room), now=clock())
            with CaptureQueriesContext(connection) as queries:
                assert tell_due(now=clock(), limit=pairs) == pairs
            return len(queries)

        assert counted(1) == counted(9)

    def test_looks_at_no_more_than_asked(self, rings: PushAddress, clock: Clock) -> None:
        for _ in range(5):
            waits(rings.person, "circle", clock())

        assert [tell_due(now=clock(), limit=3), tell_due(now=clock(), limit=3), tell_due(now=clock(), limit=3)] == [3, 2, 0]


def in_a_thread(work: Callable[[], object]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
