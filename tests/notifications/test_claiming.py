"""Claims, on whichever database the run is on: each has its own statement, so all of this runs on both."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from notifications.actions import claiming, letters
from notifications.actions.claiming import LEASE
from notifications.models import Delivery, DeliveryState, Notice, PushAddress
from tests.notifications.post import make_address, make_delivery

pytestmark = pytest.mark.delivery

KINDS = {"console", "sms"}


def claimed(**given: object) -> list[UUID]:
    found = claiming.claim(**{"kinds": KINDS, "limit": 10, **given})  # type: ignore[arg-type]  # as the caller says
    return [one.id for one in found.deliveries] if found else []


@pytest.mark.django_db
class TestClaim:
    def test_takes_the_longest_waiting_first_and_no_more_than_it_may(self, fatima: Person, now: datetime) -> None:
        made = [make_delivery(fatima, now=now, due_at=now - timedelta(minutes=age)) for age in (1, 3, 2)]

        assert claimed(limit=2, now=now) == [made[1].id, made[2].id]
        assert claimed(limit=2, now=now) == [made[0].id]
        assert claimed(limit=2, now=now) == []

    def test_what_failed_in_the_evening_waits_for_the_morning(self, fatima: Person, now: datetime) -> None:
        night = now.replace(hour=22, minute=10)  # 23:10
        made = make_delivery(fatima, now=now, minutes=1440, due_at=night, attempts=3)

        assert claimed(now=night) == []

        made.refresh_from_db()
        assert (made.due_at, made.lease_token) == (now.replace(day=3, hour=6, minute=0), None)
        assert claimed(now=made.due_at) == [made.id]

    @pytest.mark.parametrize("kind", ["code", "invitation"])
    def test_what_does_not_ring_goes_at_night_too(self, fatima: Person, now: datetime, kind: str) -> None:
        made = make_delivery(fatima, now=now, minutes=1440)
        Notice.objects.update(kind=kind)

        assert claimed(now=now.replace(hour=23)) == [made.id]

    def test_a_trial_goes_to_an_address_that_was_reached_before(self, fatima: Person, now: datetime) -> None:
        never, failing, well = (make_address(fatima, now=now) for _ in range(3))
        PushAddress.objects.exclude(id=never.id).update(reached_at=now)
        PushAddress.objects.filter(id=failing.id).update(failing_since=now)
        made = [
            make_delivery(fatima, address=one, now=now, due_at=now - timedelta(minutes=9 - age))
            for age, one in enumerate((never, failing, well))
        ]

        assert claimed(limit=1, now=now, is_trial=True) == [made[2].id]
        assert claimed(limit=1, now=now, is_trial=True) == [made[0].id]
        assert claimed(limit=1, now=now) == [made[1].id]

    def test_leaves_alone_what_is_not_due_or_too_late_or_settled_or_another_channels(self, fatima: Person, now: datetime) -> None:
        make_delivery(fatima, now=now, due_at=now + timedelta(seconds=1))
        make_delivery(fatima, now=now, minutes=0)
        make_delivery(fatima, now=now, state=DeliveryState.SENT)
        make_delivery(fatima, now=now, kind="email")

        assert claimed(now=now) == []

    def test_brings_the_notice_its_person_and_the_address_along(self, fatima: Person, now: datetime) -> None:
        make_delivery(fatima, address=make_address(fatima, value="+32470000001", now=now), now=now)

        found = claiming.claim(kinds=KINDS, limit=1, now=now)

        assert found is not None and found.until == now + LEASE
        (delivery,) = found.deliveries
        assert delivery.address is not None and delivery.address.value == "+32470000001"
        assert delivery.notice.person == fatima
        assert delivery.lease_token == found.token

    def test_takes_what_a_worker_left_behind_once_its_lease_is_over(self, fatima: Person, now: datetime) -> None:
        lost = make_delivery(fatima, now=now)
        assert claimed(now=now) == [lost.id]

        assert claimed(now=now + LEASE - timedelta(seconds=1)) == []
        assert claimed(now=now + LEASE) == [lost.id]

    def test_takes_a_released_one_at_once_and_releases_nobody_elses(self, fatima: Person, now: datetime) -> None:
        delivery = make_delivery(fatima, now=now)
        first = claiming.claim(kinds=KINDS, limit=1, now=now)
        assert first is not None

        assert claiming.release(token=delivery.id, ids=[delivery.id]) == 0
        assert claimed(now=now) == []
        assert claiming.release(token=first.token, ids=[delivery.id]) == 1
        assert claimed(now=now) == [delivery.id]


@pytest.mark.django_db
class TestKindsDue:
    def test_names_only_what_could_be_claimed(self, fatima: Person, now: datetime) -> None:
        make_delivery(fatima, now=now)
        make_delivery(fatima, kind="email", now=now, due_at=now + timedelta(minutes=1))
        make_delivery(fatima, kind="sms", now=now, lease_token=fatima.id, lease_until=now + timedelta(seconds=1))

        assert claiming.kinds_due(now=now) == {"console"}
        assert claiming.kinds_due(now=now + timedelta(minutes=1)) == {"console", "email", "sms"}


@pytest.mark.django_db
class TestExpire:
    def test_settles_what_is_too_late_and_leaves_the_rest(self, fatima: Person, now: datetime) -> None:
        late, fresh = make_delivery(fatima, now=now, minutes=1), make_delivery(fatima, now=now, minutes=3)

        assert claiming.expire(now=now + timedelta(minutes=2)) == 1

        late.refresh_from_db()
        fresh.refresh_from_db()
        assert (late.state, late.settled_at) == (DeliveryState.EXPIRED, now + timedelta(minutes=2))
        assert fresh.state == DeliveryState.WAITING

    def test_leaves_what_is_on_its_way_to_whoever_sends_it(self, fatima: Person, now: datetime) -> None:
        sending = make_delivery(fatima, now=now, minutes=0.5)
        assert claimed(now=now) == [sending.id]

        assert claiming.expire(now=now + timedelta(seconds=40)) == 0
        assert claiming.expire(now=now + LEASE) == 1


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    """Real connections in threads of their own."""

    @pytest.fixture
    def threads(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(4) as pool:
            yield pool
            together = Barrier(4, timeout=10)
            list(pool.map(lambda _: [close() for close in (connections.close_all, together.wait)], range(4)))

    def test_each_delivery_goes_to_exactly_one(self, fatima: Person, now: datetime, threads: ThreadPoolExecutor) -> None:
        made = {make_delivery(fatima, now=now).id for _ in range(120)}

        def take_all(_: int) -> list[UUID]:
            taken: list[UUID] = []
            while more := claimed(limit=7, now=now):
                taken += more
            return taken

        shares = list(threads.map(take_all, range(4)))

        assert sorted(one for share in shares for one in share) == sorted(made)

    def test_a_row_that_somebody_holds_stops_nobody(self, fatima: Person, now: datetime, threads: ThreadPoolExecutor) -> None:
        if connections["default"].vendor != "postgresql":
            pytest.skip("SQLite has one writer: everybody waits for it, briefly")
        held, free = make_delivery(fatima, now=now), make_delivery(fatima, now=now)

        with transaction.atomic():
            Delivery.objects.select_for_update().get(id=held.id)
            assert threads.submit(claimed, now=now).result(5) == [free.id]


@pytest.mark.django_db
class TestTheNumberOfQueries:
    def test_is_the_same_for_one_letter_and_for_many(self, fatima: Person, annemie: Person, now: datetime) -> None:
        def asked(count: int) -> int:
            for number in range(count):
                person = (fatima, annemie)[number % 2]
                make_delivery(person, address=make_address(person, now=now), now=now)
            with CaptureQueriesContext(connections["default"]) as queries:
                found = claiming.claim(kinds=KINDS, limit=count, now=now)
                assert found is not None and len(letters.written(found.deliveries, now=now)) == count
            return len(queries)

        assert asked(2) == asked(12)
