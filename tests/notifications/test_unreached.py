from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Device, Person
from notifications.actions.addresses import bury
from notifications.actions.claiming import Claim
from notifications.actions.settling import settle
from notifications.models import AddressKind, Delivery, DeliveryState, PushAddress
from notifications.reading.unreached import Silence, Tried, silence_of, unreached
from notifications.sending import Failed, Fate, Gone, Retry, Sent
from tests.factories import make_device
from tests.notifications.conftest import ring
from tests.notifications.post import make_address, make_delivery

NOW = datetime.fromisoformat("2026-03-02T09:30:00+00:00")


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def phone(**but: Any) -> Tried:
    """One that was reached three weeks ago, and nothing was sent to since."""
    usual: dict[str, Any] = {"failing_since": None, "dead_at": None, "last_error": "", "trouble": None}
    return Tried(**{"made_at": ago(days=60), "reached_at": ago(days=21), **usual, **but})


class TestSilence:
    @pytest.mark.parametrize(
        "is_reached",
        [
            phone(),  # nothing went there, so nobody knows
            phone(reached_at=ago(days=1), failing_since=ago(hours=2)),
            phone(reached_at=ago(days=13, hours=23), trouble="timeout"),
            phone(reached_at=None),
            phone(reached_at=None, made_at=ago(days=1), failing_since=ago(hours=3), trouble="timeout"),
        ],
    )
    def test_is_not_what_was_not_tried_or_not_for_so_long(self, is_reached: Tried) -> None:
        assert silence_of([is_reached], now=NOW) is None

    @pytest.mark.parametrize(
        ("silent", "why"),
        [
            (phone(failing_since=ago(days=20), last_error="unavailable"), "unavailable"),
            (phone(reached_at=ago(days=14), failing_since=ago(hours=1), last_error="timeout"), "timeout"),
            (phone(trouble="http_413"), "http_413"),
            (phone(reached_at=None, trouble="invalid_argument"), "invalid_argument"),
            (phone(reached_at=ago(days=1), dead_at=ago(hours=1), last_error="unregistered"), "unregistered"),
        ],
    )
    def test_is_two_weeks_without_a_success_or_an_address_that_died(self, silent: Tried, why: str) -> None:
        assert silence_of([silent], now=NOW) == Silence(silent.reached_at, why)

    def test_is_of_nobody_without_a_phone(self) -> None:
        assert silence_of([], by={"sms"}, now=NOW) is None

    def test_ends_with_one_phone_that_may_be_reached(self) -> None:
        gone = phone(dead_at=ago(days=20), last_error="unregistered")

        assert silence_of([gone, phone(made_at=ago(days=1), reached_at=None)], now=NOW) is None

    def test_has_the_reason_of_the_newest_living_phone(self) -> None:
        dead = phone(dead_at=ago(days=1), last_error="unregistered", reached_at=ago(days=2))
        living = phone(failing_since=ago(days=15), last_error="http_410", reached_at=ago(days=20))
        older = phone(failing_since=ago(days=15), last_error="timeout", reached_at=None, made_at=ago(days=90))

        assert silence_of([living, dead, older], now=NOW) == Silence(ago(days=2), "http_410")


@pytest.mark.django_db
class TestUnreached:
    def everybody(self, now: datetime) -> dict[Any, Silence]:
        return unreached(Person.objects.all(), now=now)

    def settle(self, address: PushAddress, fate: Fate, *, now: datetime) -> None:
        """One notice to an address, and what became of it."""
        until = now + timedelta(minutes=1)
        delivery = make_delivery(address.person, address=address, now=now, lease_token=address.id, lease_until=until)
        settle(Claim(address.id, until, [delivery]), {delivery.id: fate}, now=now)

    def test_follows_what_channels_say(self, rings: PushAddress, now: datetime) -> None:
        later = now + timedelta(days=15)
        self.settle(rings, Sent(), now=now)
        rings.refresh_from_db()
        assert self.everybody(later) == {}

        self.settle(rings, Retry("unavailable"), now=now + timedelta(days=1))
        rings.refresh_from_db()
        assert self.everybody(now + timedelta(days=13)) == {}
        assert self.everybody(later) == {rings.person_id: Silence(now, "unavailable")}

        self.settle(rings, Sent(), now=later)
        assert self.everybody(later + timedelta(days=20)) == {}

    def test_knows_what_was_refused_although_the_address_was_not_to_blame(self, rings: PushAddress, now: datetime) -> None:
        self.settle(rings, Failed("http_413"), now=now)

        assert self.everybody(now + timedelta(days=14)) == {rings.person_id: Silence(None, "http_413")}

    def test_does_not_take_what_was_overtaken_for_a_try(self, rings: PushAddress, now: datetime) -> None:
        make_delivery(rings.person, address=rings, now=now, state=DeliveryState.EXPIRED, last_error="overtaken")

        assert self.everybody(now + timedelta(days=20)) == {}

    def test_knows_at_once_when_the_only_phone_is_gone(self, rings: PushAddress, annemies_phone: Device, now: datetime) -> None:
        self.settle(rings, Gone("unregistered"), now=now)
        assert self.everybody(now) == {rings.person_id: Silence(None, "unregistered")}

        ring(make_device(person=rings.person, now=now)[0], now=now, token="another-phone")
        assert self.everybody(now) == {}

    def test_says_how_else_they_are_told(self, rings: PushAddress, now: datetime) -> None:
        make_address(rings.person, kind=AddressKind.SMS, now=now)
        dead = make_address(rings.person, kind=AddressKind.EMAIL, value="f@example.org", now=now)
        bury([rings.id, dead.id], why="taken", now=now)

        assert self.everybody(now) == {rings.person_id: Silence(None, "taken", frozenset({"sms"}))}

    def test_asks_about_these_people_alone_in_two_queries(
        self, rings: PushAddress, annemies_phone: Device, now: datetime, django_assert_num_queries: Any
    ) -> None:
        theirs = ring(annemies_phone, now=now)
        bury([rings.id, theirs.id], why="unregistered", now=now)

        with django_assert_num_queries(2):
            assert set(unreached(Person.objects.filter(id=theirs.person_id), now=now)) == {theirs.person_id}
        assert len(self.everybody(now)) == 2
        assert not Delivery.objects.exists()
