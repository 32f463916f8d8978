"""What devices used: written down in bulk, and each step of a budget told once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import data_use, people
from accounts.errors import DataBudgetLow
from accounts.models import DataUse, Person
from live.meter import Count
from privacy import retention
from tests.accounts.together import together
from tests.factories import make_person

pytestmark = pytest.mark.django_db

PHONE, TABLET = uuid4(), uuid4()
BUDGET = 1_000_000


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    data_use.forget()


@pytest.fixture
def frugal(fatima: Person, now: datetime) -> Person:
    """Fatima, with a million bytes a month."""
    return people.update_settings(person=fatima, data_budget=BUDGET, by=fatima, now=now)


def bytes_of(person: Person, sent: int, received: int = 0, *, device: UUID = PHONE) -> Count:
    return Count(person.id, device, sent, received)


class TestAdd:
    def test_adds_to_what_is_there(self, fatima: Person, now: datetime) -> None:
        data_use.add([bytes_of(fatima, 1, 2)], now=now)
        [use] = data_use.add([bytes_of(fatima, 10, 20)], now=now)

        assert (use.person_id, use.used, use.budget, use.crossed) == (fatima.id, 33, None, None)
        [row] = DataUse.objects.all()
        assert (row.person_id, row.device_id, row.month, row.sent, row.received) == (fatima.id, PHONE, date(2026, 3, 1), 11, 22)

    def test_counts_all_devices_of_a_person_and_nobody_elses(self, fatima: Person, annemie: Person, now: datetime) -> None:
        uses = data_use.add([bytes_of(fatima, 5), bytes_of(annemie, 100), bytes_of(fatima, 7, device=TABLET)], now=now)

        assert {use.person_id: use.used for use in uses} == {fatima.id: 12, annemie.id: 100}
        assert DataUse.objects.filter(person=fatima).count() == 2
        assert data_use.used(fatima, now=now) == 12

    def test_leaves_out_who_is_not_there(self, fatima: Person, now: datetime) -> None:
        uses = data_use.add([Count(uuid4(), PHONE, 1, 1), bytes_of(fatima, 1)], now=now)

        assert [use.person_id for use in uses] == [fatima.id]

    def test_begins_afresh_when_a_month_begins_where_the_person_is(self, fatima: Person, annemie: Person, now: datetime) -> None:
        people.update_settings(person=annemie, zone="America/New_York", by=annemie, now=now)
        late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # half past midnight in Brussels, the first of April

        uses = [data_use.add([bytes_of(fatima, 10), bytes_of(annemie, 10)], now=at) for at in (late - timedelta(hours=1), late)]

        assert {use.person_id: use.used for use in uses[-1]} == {fatima.id: 10, annemie.id: 20}
        months = DataUse.objects.order_by("month").values_list("person_id", "month")
        assert set(months) == {(fatima.id, date(2026, 3, 1)), (fatima.id, date(2026, 4, 1)), (annemie.id, date(2026, 3, 1))}

    def test_asks_as_much_for_many_as_for_one(self, fatima: Person, now: datetime) -> None:
        everybody = [fatima, *(make_person(now=now) for _ in range(5))]
        asked = []
        for some in ([fatima], everybody):
            with CaptureQueriesContext(connection) as queries:
                data_use.add([bytes_of(person, 1) for person in some], now=now)
            asked.append([query["sql"] for query in queries if query["sql"].startswith("SELECT")])

        assert len(asked[0]) == len(asked[1]) == 3

    def test_takes_more_people_than_one_query_names(
        self, fatima: Person, annemie: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(data_use, "PEOPLE_A_QUERY", 1)

        uses = data_use.add([bytes_of(fatima, 1), bytes_of(annemie, 2)], now=now)

        assert {use.person_id: use.used for use in uses} == {fatima.id: 1, annemie.id: 2}


class TestSteps:
    def test_are_told_once_each_by_the_bytes_that_cross_them(self, frugal: Person, now: datetime) -> None:
        told = [data_use.add([bytes_of(frugal, 40_000, 60_000)], now=now)[0].crossed for _ in range(12)]

        assert told == [None, None, None, None, 50, None, None, 80, None, 100, None, None]

    def test_that_are_leapt_over_are_told_as_the_highest(self, frugal: Person, now: datetime) -> None:
        [use] = data_use.add([bytes_of(frugal, 2 * BUDGET)], now=now)

        assert (use.used, use.budget, use.step, use.crossed) == (2 * BUDGET, BUDGET, 100, 100)

    def test_are_crossed_by_all_devices_together(self, frugal: Person, now: datetime) -> None:
        data_use.add([bytes_of(frugal, 450_000)], now=now)

        [use] = data_use.add([bytes_of(frugal, 30_000), bytes_of(frugal, 30_000, device=TABLET)], now=now)

        assert use.crossed == 50

    def test_come_back_with_a_new_month(self, frugal: Person, now: datetime) -> None:
        later = now + timedelta(days=31)

        crossed = [data_use.add([bytes_of(frugal, 500_000)], now=at)[0].crossed for at in (now, later)]

        assert crossed == [50, 50]

    def test_are_nobodys_without_a_budget(self, fatima: Person, now: datetime) -> None:
        [use] = data_use.add([bytes_of(fatima, 10**12)], now=now)

        assert (use.step, use.crossed) == (0, None)


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_lose_nothing_and_cross_each_step_once(self, frugal: Person, annemie: Person, now: datetime) -> None:
        def add(number: int) -> list[data_use.Use]:
            counts = [bytes_of(person, 10_000, device=device) for person in (frugal, annemie) for device in (PHONE, TABLET, uuid4())]
            return data_use.add(counts[:: 1 if number % 2 else -1], now=now)

        outcomes = together(add, threads=20)

        uses = [use for outcome in outcomes if isinstance(outcome, list) for use in outcome]
        assert len(uses) == 40, outcomes
        assert data_use.used(frugal, now=now) == data_use.used(annemie, now=now) == 600_000
        assert sorted(row.sent for row in DataUse.objects.filter(person=frugal, device_id__in=[PHONE, TABLET])) == [200_000] * 2
        assert [use.crossed for use in uses if use.crossed] == [50]

    def test_cross_each_step_once_also_from_devices_of_their_own(self, frugal: Person, now: datetime) -> None:
        outcomes = together(lambda _: data_use.add([bytes_of(frugal, 60_000, device=uuid4())], now=now), threads=20)

        crossed = [use.crossed for outcome in outcomes if isinstance(outcome, list) for use in outcome]
        assert len(crossed) == 20, outcomes
        assert sorted(step for step in crossed if step) == [50, 80, 100]


class TestRetention:
    def test_keeps_this_month_and_the_two_before_it(self, fatima: Person, now: datetime) -> None:
        [policy] = [policy for policy in retention.policies() if policy.model == "accounts.DataUse"]
        for days_ago in (0, 20, 40, 80, 120):
            data_use.add([bytes_of(fatima, 1)], now=now - timedelta(days=days_ago))

        retention.apply(policy, now=now + timedelta(days=29))  # on the last day of March

        assert [month.month for month in DataUse.objects.order_by("month").values_list("month", flat=True)] == [1, 2, 3]


class TestEnsureDataLeft:
    def test_lets_media_through_below_eighty_per_cent(self, frugal: Person, now: datetime) -> None:
        data_use.add([bytes_of(frugal, 799_999)], now=now)

        data_use.ensure_data_left(frugal, now=now)

    def test_keeps_the_rest_for_words(self, frugal: Person, now: datetime) -> None:
        data_use.add([bytes_of(frugal, 800_000)], now=now)

        with pytest.raises(DataBudgetLow):
            data_use.ensure_data_left(frugal, now=now)

    def test_asks_nothing_for_who_has_no_budget(self, fatima: Person, now: datetime) -> None:
        with CaptureQueriesContext(connection) as queries:
            data_use.ensure_data_left(fatima, now=now)

        assert len(queries) == 0

    def test_asks_once_in_a_while_and_hears_from_what_is_added(self, frugal: Person, now: datetime) -> None:
        with CaptureQueriesContext(connection) as queries:
            for _ in range(3):
                data_use.ensure_data_left(frugal, now=now)
        assert len(queries) == 1

        data_use.add([bytes_of(frugal, BUDGET)], now=now)

        assert data_use.standing(frugal, now=now) == data_use.Standing(BUDGET, BUDGET, 100)

    def test_follows_a_new_budget_at_once(self, frugal: Person, now: datetime) -> None:
        data_use.add([bytes_of(frugal, BUDGET)], now=now)

        richer = people.update_settings(person=frugal, data_budget=3 * BUDGET, by=frugal, now=now)

        data_use.ensure_data_left(richer, now=now)
