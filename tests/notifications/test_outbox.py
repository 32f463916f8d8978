import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Device, Person
from notifications import metrics
from notifications.models import AddressKind, DeliveryState, Notice, NoticeKind, PushAddress
from notifications.reading import outbox
from notifications.reading.remedies import OTHERWISE, remedy
from tests.conftest import Clock
from tests.factories import make_device
from tests.notifications.post import make_address, make_delivery

pytestmark = pytest.mark.django_db


def said(*options: str) -> str:
    out = StringIO()
    call_command("outbox", *options, stdout=out)
    return out.getvalue()


def wait_for(person: Person, *, now: datetime, due_at: datetime) -> None:
    Notice.objects.create(
        person=person, kind=NoticeKind.REMINDER, made_at=now, due_at=due_at, expires_at=due_at + timedelta(hours=1),
        dedupe_key=str(due_at), collapse_key="r",
    )  # fmt: skip


class TestOutbox:
    def test_says_so_when_nothing_is_to_be_said(self, clock: Clock) -> None:
        assert said().splitlines() == ["Nothing waits.", "All is well."]

    def test_tells_what_waits_how_long_and_what_is_for_later(self, fatima: Person, clock: Clock, now: datetime) -> None:
        make_delivery(fatima, now=now, due_at=now - timedelta(seconds=90))
        wait_for(fatima, now=now, due_at=now - timedelta(seconds=10))
        wait_for(fatima, now=now, due_at=now + timedelta(days=1))

        assert said().splitlines()[:2] == [
            "2 wait (1 by console); the oldest of what is due since 90 seconds.",
            "1 for later: somebody is reading, it is night, or a meeting is yet to come.",
        ]

    def test_counts_what_became_of_the_last_day_and_no_more(self, fatima: Person, clock: Clock, now: datetime) -> None:
        for kind, state, hours in (
            ("sms", "sent", 1),
            ("sms", "sent", 23),
            ("sms", "gone", 2),
            ("email", "sent", 3),
            ("email", "sent", 25),
        ):
            make_delivery(fatima, kind=kind, now=now, state=state, settled_at=now - timedelta(hours=hours))

        assert outbox.results(now=now) == {"email": {"sent": 1}, "sms": {"gone": 1, "sent": 2}}
        assert "Last 24 hours by sms: 1 gone, 2 sent." in said()

    def test_names_each_trouble_with_its_remedy(self, fatima: Person, clock: Clock, now: datetime) -> None:
        for _ in range(3):
            make_delivery(fatima, kind="sms", now=now, due_at=now + timedelta(minutes=1), attempts=1, last_error="http_401")
        make_delivery(fatima, kind="sms", now=now, due_at=now + timedelta(minutes=1), attempts=1, last_error="timeout")

        assert [line for line in said().splitlines() if line.startswith("!")] == [
            f"! 3 × sms http_401: {remedy('http_401')}",
            f"! 1 × sms timeout: {remedy('timeout')}",
        ]

    def test_warns_when_nobody_sends(self, fatima: Person, clock: Clock, now: datetime) -> None:
        make_delivery(fatima, now=now, due_at=now - timedelta(minutes=20))

        assert "! Something is due for 20 minutes. Is a worker running" in said()

    def test_warns_when_more_fail_than_go(self, fatima: Person, clock: Clock, now: datetime) -> None:
        make_delivery(fatima, kind="sms", now=now, state=DeliveryState.FAILED, settled_at=now)

        assert "! Of sms, more failed (1) than went (0) in the last day." in said()

    def test_counts_dead_addresses_by_reason(self, fatima: Person, clock: Clock, now: datetime) -> None:
        for why in ("http_410", "http_410", "unregistered"):
            address = make_address(fatima, now=now)
            PushAddress.objects.filter(id=address.id).update(dead_at=now, value_sealed=None, value_index=None, last_error=why)

        assert "Addresses out of use: 2 http_410, 1 unregistered." in said()

    def test_gives_the_same_as_one_object(self, fatima: Person, clock: Clock, now: datetime) -> None:
        make_delivery(fatima, now=now, due_at=now - timedelta(seconds=90))

        found = json.loads(said("--json"))

        assert found["waiting"] == {"console": 1} and found["lag"] == 90 and found["problems"] == []

    def test_holds_nothing_about_anybody(self, fatima: Person, clock: Clock, now: datetime) -> None:
        make_delivery(fatima, address=make_address(fatima, value="+32470123456", now=now), now=now, attempts=1, last_error="http_401")

        assert "470123456" not in said() + said("--json")
        assert str(fatima.id) not in said("--json")


class TestSilentPhones:
    @pytest.fixture
    def push(self, fatima: Person, now: datetime) -> Callable[..., PushAddress]:
        def make(device: Device, **changes: Any) -> PushAddress:
            address = make_address(fatima, kind=AddressKind.FCM_TOKEN, now=now - timedelta(days=30))
            PushAddress.objects.filter(id=address.id).update(device=device, **changes)
            return address

        return make

    def test_are_those_that_failed_for_a_fortnight(self, device: Device, push: Callable[..., PushAddress], now: datetime) -> None:
        push(device, failing_since=now - timedelta(days=14))
        push(device, dead_at=now - timedelta(days=20), value_sealed=None, value_index=None)

        assert outbox.silent_phones(now=now) == 1
        assert outbox.silent_phones(now=now - timedelta(days=1)) == 0

    @pytest.mark.parametrize("hope", [{"reached_at": timedelta(days=1)}, {"failing_since": timedelta(days=2)}, {}], ids=str)
    def test_are_not_those_that_another_address_may_reach(
        self, device: Device, push: Callable[..., PushAddress], now: datetime, hope: dict[str, timedelta]
    ) -> None:
        push(device, failing_since=now - timedelta(days=14))
        push(device, **{name: now - ago for name, ago in hope.items()})

        assert outbox.silent_phones(now=now) == 0

    def test_are_counted_once_each(self, fatima: Person, device: Device, push: Callable[..., PushAddress], now: datetime) -> None:
        other = make_device(person=fatima, now=now)[0]
        for one in (device, device, other):
            push(one, failing_since=now - timedelta(days=15))

        assert outbox.silent_phones(now=now) == 2


class TestRemedies:
    def test_know_more_of_a_code_the_more_it_says(self) -> None:
        assert "SMPP" in remedy("smpp_bad_password")
        assert remedy("smpp_0x00000400") == remedy("smpp_unheard_of") != remedy("http_418") != OTHERWISE
        assert remedy("never_seen") == OTHERWISE


class TestMetrics:
    def test_tell_what_waits_for_all_workers(
        self, fatima: Person, clock: Clock, now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(metrics.Queue, "SECONDS", -1.0)  # whatever an earlier test made it remember
        make_delivery(fatima, kind="sms", now=now, due_at=now - timedelta(seconds=90))
        wait_for(fatima, now=now, due_at=now + timedelta(days=1))

        lines = client.get("/metrics").content.decode().splitlines()

        assert 'maatje_notices_waiting{kind="sms"} 1.0' in lines
        assert {"maatje_notices_held 1.0", "maatje_notices_due 0.0", "maatje_notices_queue_lag_seconds 90.0"} <= set(lines)

    def test_tell_what_became_of_them_in_whatever_process_and_which_addresses_are_dead(
        self, fatima: Person, device: Device, clock: Clock, now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(metrics.Fates, "SECONDS", -1.0)
        for state in ("sent", "sent", "gone"):
            make_delivery(fatima, kind="sms", now=now, state=state, settled_at=now - timedelta(hours=1))
        address = make_address(fatima, kind=AddressKind.FCM_TOKEN, now=now - timedelta(days=30))
        PushAddress.objects.filter(id=address.id).update(
            device=device, dead_at=now - timedelta(days=15), value_sealed=None, value_index=None, last_error="unregistered"
        )

        lines = client.get("/metrics").content.decode().splitlines()

        assert {
            'maatje_notices_last_day{fate="sent",kind="sms"} 2.0',
            'maatje_notices_last_day{fate="gone",kind="sms"} 1.0',
            'maatje_notices_dead_addresses{reason="unregistered"} 1.0',
            "maatje_notices_silent_phones 1.0",
        } <= set(lines)

    def test_ask_no_more_than_twice_and_little(self, fatima: Person, now: datetime, django_assert_num_queries: Any) -> None:
        for _ in range(30):
            make_delivery(fatima, now=now)

        with django_assert_num_queries(2):
            outbox.queue(now=now)
