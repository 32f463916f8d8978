from datetime import datetime, timedelta

import pytest

from accounts.models import Person
from notifications.actions import claiming, settling
from notifications.actions.claiming import LEASE, Claim
from notifications.models import Delivery, DeliveryState, PushAddress
from notifications.sending import Failed, Fate, Gone, Retry, Sent
from tests.notifications.post import make_address, make_delivery

pytestmark = [pytest.mark.delivery, pytest.mark.django_db]

KINDS = {"console", "sms"}


def claim(now: datetime) -> Claim:
    found = claiming.claim(kinds=KINDS, limit=10, now=now)
    assert found is not None
    return found


@pytest.fixture
def address(fatima: Person, now: datetime) -> PushAddress:
    return make_address(fatima, now=now)


def settled(address: PushAddress, fate: Fate | None, *, now: datetime, minutes: float = 60) -> Delivery:
    """What a delivery to this address says after this fate."""
    delivery = make_delivery(address.person, address=address, now=now, minutes=minutes)
    assert settling.settle(claim(now), {delivery.id: fate} if fate else {}, now=now) == 1
    delivery.refresh_from_db()
    address.refresh_from_db()
    return delivery


class TestSettle:
    def test_sent_says_so_and_that_the_address_was_reached(self, address: PushAddress, now: datetime) -> None:
        PushAddress.objects.filter(id=address.id).update(failing_since=now, last_error="timeout")

        delivery = settled(address, Sent("receipt 7"), now=now)

        assert (delivery.state, delivery.receipt, delivery.attempts, delivery.settled_at) == (DeliveryState.SENT, "receipt 7", 1, now)
        assert delivery.lease_token is None and delivery.lease_until is None
        assert (address.reached_at, address.failing_since, address.last_error) == (now, None, "")

    def test_gone_forgets_where_the_address_led(self, address: PushAddress, now: datetime) -> None:
        delivery = settled(address, Gone("http_410"), now=now)

        assert (delivery.state, delivery.last_error) == (DeliveryState.GONE, "http_410")
        assert (address.dead_at, address.value_sealed, address.value_index, address.last_error) == (now, None, None, "http_410")

    def test_gone_spares_what_was_registered_in_its_place_meanwhile(self, address: PushAddress, now: datetime) -> None:
        delivery = make_delivery(address.person, address=address, now=now)
        held = claim(now)
        address.take_value("+32470999999")
        address.save()

        settling.settle(held, {delivery.id: Gone("http_410")}, now=now)

        address.refresh_from_db()
        assert address.dead_at is None and address.value == "+32470999999"

    def test_retry_waits_and_counts_and_remembers_since_when(self, address: PushAddress, now: datetime) -> None:
        delivery = settled(address, Retry("timeout"), now=now)

        assert (delivery.state, delivery.attempts, delivery.last_error, delivery.settled_at) == (DeliveryState.WAITING, 1, "timeout", None)
        assert now <= delivery.due_at <= now + timedelta(seconds=30)
        assert delivery.lease_token is None
        assert (address.failing_since, address.last_error, address.dead_at) == (now, "timeout", None)

    def test_retry_comes_back_no_sooner_than_the_other_side_said(self, address: PushAddress, now: datetime) -> None:
        delivery = settled(address, Retry("http_429", after=120), now=now)

        assert now + timedelta(seconds=120) <= delivery.due_at <= now + timedelta(seconds=150)

    def test_retry_that_would_come_too_late_is_over(self, address: PushAddress, now: datetime) -> None:
        delivery = settled(address, Retry("http_429", after=120), now=now, minutes=1)

        assert (delivery.state, delivery.settled_at, delivery.last_error) == (DeliveryState.EXPIRED, now, "http_429")

    def test_an_operators_trouble_is_not_the_addresss(self, address: PushAddress, now: datetime) -> None:
        settled(address, Retry("http_401", alarms=True), now=now)

        assert (address.failing_since, address.last_error) == (None, "")

    def test_failed_ends_it_and_spares_the_address(self, address: PushAddress, now: datetime) -> None:
        delivery = settled(address, Failed("http_400", alarms=True), now=now)

        assert (delivery.state, delivery.last_error) == (DeliveryState.FAILED, "http_400")
        assert address.dead_at is None and address.failing_since is None

    def test_what_was_overtaken_ends_without_an_attempt(self, address: PushAddress, now: datetime) -> None:
        delivery = settled(address, None, now=now)

        assert (delivery.state, delivery.last_error, delivery.attempts) == (DeliveryState.EXPIRED, "overtaken", 0)

    def test_what_leads_nowhere_any_more_is_gone(self, address: PushAddress, now: datetime) -> None:
        delivery = make_delivery(address.person, address=address, now=now)
        PushAddress.objects.filter(id=address.id).update(dead_at=now, value_sealed=None, value_index=None)

        settling.settle(claim(now), {}, now=now)

        delivery.refresh_from_db()
        assert (delivery.state, delivery.last_error) == (DeliveryState.GONE, "address_gone")

    def test_one_bad_letter_leaves_its_neighbours_as_they_are(self, fatima: Person, now: datetime) -> None:
        made = [make_delivery(fatima, address=make_address(fatima, now=now), now=now) for _ in range(3)]
        fates: list[Fate] = [Sent(), Gone("http_410"), Retry("timeout")]

        settling.settle(claim(now), {one.id: fate for one, fate in zip(made, fates, strict=True)}, now=now)

        assert [Delivery.objects.get(id=one.id).state for one in made] == ["sent", "gone", "waiting"]

    def test_whoever_lost_the_lease_changes_nothing(self, address: PushAddress, now: datetime) -> None:
        delivery = make_delivery(address.person, address=address, now=now)
        slow = claim(now)
        later = now + LEASE
        successor = claim(later)

        assert settling.settle(slow, {delivery.id: Failed("http_400")}, now=later) == 0
        assert settling.settle(successor, {delivery.id: Sent()}, now=later) == 1

        delivery.refresh_from_db()
        assert (delivery.state, delivery.last_error) == (DeliveryState.SENT, "")

    def test_a_code_of_any_length_fits(self, address: PushAddress, now: datetime) -> None:
        assert settled(address, Gone("x" * 300), now=now).last_error == "x" * 40


class TestPause:
    def test_is_spread_over_a_window_that_doubles_until_an_hour(self) -> None:
        for attempts, most in ((0, 30), (1, 60), (3, 240), (10, 3600), (30_000, 3600)):
            pauses = [settling.pause(attempts, None) for _ in range(300)]

            assert 0 <= min(pauses) < most / 5
            assert most * 4 / 5 < max(pauses) <= most

    @pytest.mark.parametrize("after", [0.0, 0.5])
    def test_grows_for_who_says_now_again_and_again(self, after: float) -> None:
        pauses = [settling.pause(10, after) for _ in range(300)]

        assert after <= min(pauses) and max(pauses) > 1000

    def test_is_as_long_as_the_other_side_says(self) -> None:
        assert all(60 <= settling.pause(10, 60) <= 90 for _ in range(300))
