from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from accounts.models import Person
from core import clock
from notifications.models import Delivery, DeliveryState, Notice, NoticeState, PushAddress
from tests.notifications.test_addresses import SUBSCRIPTION

SignIn = Callable[[Person], APIClient]
ROOT = "/api/v1/notices"


class TestNotices:
    def test_shows_what_is_chosen_and_where_one_is_reached(self, fatima: Person, signed_in: SignIn, settings: LazySettings) -> None:
        settings.MAATJE_VAPID_SUBJECT = ""
        phone = signed_in(fatima)
        made = phone.post(f"{ROOT}/addresses", {"kind": "fcm_token", "value": "a-token-of-hers"}, format="json").json()
        signed_in(fatima).post(f"{ROOT}/addresses", {"kind": "sms"}, format="json")
        signed_in(fatima).post(f"{ROOT}/addresses", {"kind": "email", "value": "fatima@example.org"}, format="json")

        answer = phone.get(ROOT)

        assert answer["Cache-Control"] == "no-store"
        told = answer.json()
        assert made == {
            "id": made["id"],
            "kind": "fcm_token",
            "hint": "",
            "this_device": True,
            "confirmed": True,
            "reached_at": None,
            "failing_since": None,
        }
        assert [(one["kind"], one["hint"], one["this_device"], one["confirmed"]) for one in told.pop("addresses")] == [
            ("fcm_token", "", True, True),
            ("sms", "…56", False, True),
            ("email", "f…@…", False, False),
        ]
        assert told == {
            "messages": True,
            "meetings": True,
            "circles": True,
            "reminder_day": True,
            "reminder_hours": True,
            "nudges": True,
            "shows": "nothing",
            "quiet_from": "22:00",
            "quiet_until": "07:00",
            "every_minutes": 5,
            "sms_after": None,
            "by_mail": False,
            "calendar_mail": False,
            "vapid": None,
        }

    def test_gives_a_browser_the_key_to_subscribe_with(self, fatima: Person, signed_in: SignIn, settings: LazySettings) -> None:
        settings.MAATJE_VAPID_SUBJECT = "mailto:operator@example.org"

        assert len(signed_in(fatima).get(ROOT).json()["vapid"]) == 87

    def test_changes_what_is_given(self, fatima: Person, signed_in: SignIn) -> None:
        change = {"quiet_from": "23:30", "sms_after": 15, "shows": "kind", "every_minutes": 0, "messages": False}

        answer = signed_in(fatima).patch(ROOT, change, format="json")

        assert answer.status_code == 200
        assert {name: answer.json()[name] for name in change} == change
        assert signed_in(fatima).patch(ROOT, {"sms_after": None}, format="json").json()["sms_after"] is None

    @pytest.mark.parametrize(
        "body",
        [
            {"messages": 1}, {"messages": "yes"}, {"messages": None}, {"shows": "everything"}, {"shows": 1}, {"quiet_from": "25:00"}, {"quiet_from": 22},
            {"quiet_from": "22"}, {"quiet_from": "T22:0"}, {"quiet_from": None}, {"quiet_from": "22:00:00"}, {"quiet_from": "\uff12\uff12:00"},
            {"every_minutes": -1}, {"every_minutes": 1441}, {"every_minutes": "5"}, {"every_minutes": None}, {"every_minutes": True},
            {"sms_after": 0}, {"sms_after": 1.5}, {"sms_after": 10**30}, {"vapid": "x"}, {"addresses": []}, {"nonsense": 1}, [], "x",
        ],
    )  # fmt: skip
    def test_refuses_what_it_does_not_know(self, fatima: Person, signed_in: SignIn, body: Any) -> None:
        answer = signed_in(fatima).patch(ROOT, body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")

    def test_shows_nothing_of_a_dead_address(self, rings: PushAddress, signed_in: SignIn, now: datetime) -> None:
        PushAddress.objects.update(dead_at=now, value_sealed=None, value_index=None)

        assert signed_in(rings.person).get(ROOT).json()["addresses"] == []


class TestAddresses:
    def test_takes_a_subscription_as_object_or_text(self, fatima: Person, signed_in: SignIn) -> None:
        answer = signed_in(fatima).post(f"{ROOT}/addresses", {"kind": "webpush", "value": SUBSCRIPTION}, format="json")

        assert (answer.status_code, answer.json()["kind"]) == (201, "webpush")
        assert SUBSCRIPTION["endpoint"] not in answer.content.decode()

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"kind": "webpush", "value": {**SUBSCRIPTION, "endpoint": "https://10.0.0.1/x"}}, 400, "endpoint_refused"),
            ({"kind": "webpush", "value": {"endpoint": "https://10.0.0.1/x", "keys": {}}}, 400, "invalid"),
            ({"kind": "webpush", "value": {**SUBSCRIPTION, "keys": {"p256dh": "x", "auth": "y"}}}, 400, "push_keys_invalid"),
            ({"kind": "webpush"}, 400, "invalid"),
            ({"kind": "fcm_token", "value": "x" * 4097}, 400, "invalid"),
            ({"kind": "fcm_token", "value": "nul\x00-token"}, 400, "invalid"),
            ({"kind": "fcm_fid"}, 400, "invalid"),
            ({"kind": "fcm_fid", "value": 7}, 400, "invalid"),
            ({"kind": "email", "value": "fatima"}, 400, "invalid"),
            ({"kind": "pigeon", "value": "x"}, 400, "invalid"),
            ({"kind": "sms"}, 409, "no_phone_number"),
            ({"value": "x"}, 400, "invalid"),
            ({"kind": "email", "value": "a@b.org", "confirmed": True}, 400, "invalid"),
        ],
    )
    def test_refuses_in_one_way_everywhere(self, annemie: Person, signed_in: SignIn, body: Any, status: int, code: str) -> None:
        answer = signed_in(annemie).post(f"{ROOT}/addresses", body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_an_address_is_confirmed_with_its_code(self, fatima: Person, signed_in: SignIn) -> None:
        phone = signed_in(fatima)
        made = phone.post(f"{ROOT}/addresses", {"kind": "email", "value": "fatima@example.org"}, format="json").json()
        place = f"{ROOT}/addresses/{made['id']}/confirm"

        wrong = phone.post(place, {"code": "abc"}, format="json")
        right = phone.post(place, {"code": PushAddress.objects.get().code()}, format="json")

        assert (wrong.status_code, wrong.json()["code"], wrong.json()["tries_left"]) == (400, "code_wrong", 4)
        assert (right.status_code, right.json()["confirmed"]) == (200, True)

    def test_is_taken_away_by_its_owner_alone(self, rings: PushAddress, annemie: Person, signed_in: SignIn) -> None:
        place = f"{ROOT}/addresses/{rings.id}"

        assert signed_in(annemie).delete(place).status_code == 404
        assert signed_in(annemie).post(f"{place}/confirm", {"code": "000000"}, format="json").status_code == 404
        assert signed_in(rings.person).delete(f"{ROOT}/addresses/{uuid4()}").status_code == 404
        assert signed_in(rings.person).delete(place).status_code == 204
        assert not PushAddress.objects.exists()

    def test_nobody_comes_here_without_a_device(self, db: None) -> None:
        assert APIClient().get(ROOT).status_code == 401
        assert APIClient().post(f"{ROOT}/addresses", {"kind": "sms"}, format="json").status_code == 401


class TestRecent:
    def test_says_why_the_phone_rang_or_did_not(self, fatima: Person, annemie: Person, signed_in: SignIn, now: datetime) -> None:
        kept = {"made_at": now, "due_at": now, "expires_at": now + timedelta(days=1), "collapse_key": "x"}
        told = Notice.objects.create(person=fatima, kind="entry", dedupe_key="a", state=NoticeState.TOLD, told_at=now, **kept)
        Notice.objects.create(
            person=fatima,
            kind="circle",
            detail="ended",
            dedupe_key="b",
            state=NoticeState.DROPPED,
            fate="not_wanted",
            **{**kept, "made_at": now + timedelta(1)},
        )
        Notice.objects.create(person=annemie, kind="entry", dedupe_key="c", **kept)
        Delivery.objects.create(
            notice=told,
            kind="sms",
            state=DeliveryState.FAILED,
            last_error="quota",
            made_at=now,
            due_at=now,
            expires_at=now,
            dedupe_key="d",
            collapse_key="x",
        )

        answer = signed_in(fatima).get(f"{ROOT}/recent").json()["notices"]

        assert [(one["kind"], one["detail"], one["state"], one["fate"]) for one in answer] == [
            ("circle", "ended", "dropped", "not_wanted"),
            ("entry", "", "told", ""),
        ]
        assert [(one["kind"], one["state"], one["last_error"]) for one in answer[1]["deliveries"]] == [("sms", "failed", "quota")]

    def test_shows_what_waits_for_the_morning_and_no_reminder_of_days_to_come(self, fatima: Person, signed_in: SignIn) -> None:
        at = clock.now()
        for kind in ("meeting", "reminder"):
            Notice.objects.create(
                person=fatima, kind=kind, detail="cancel", made_at=at, due_at=at + timedelta(hours=8), expires_at=at + timedelta(days=1),
                dedupe_key=kind, collapse_key="x",
            )  # fmt: skip

        answer = signed_in(fatima).get(f"{ROOT}/recent").json()["notices"]

        assert [(notice["kind"], notice["state"]) for notice in answer] == [("meeting", "waiting")]

    def test_shows_the_last_twenty(self, fatima: Person, signed_in: SignIn, now: datetime) -> None:
        kept = {"person": fatima, "kind": "entry", "due_at": now, "expires_at": now, "collapse_key": "x"}
        Notice.objects.bulk_create(Notice(made_at=now + timedelta(minutes=n), dedupe_key=str(n), **kept) for n in range(25))

        answer = signed_in(fatima).get(f"{ROOT}/recent").json()["notices"]

        assert len(answer) == 20
        assert answer[0]["made_at"] == "2026-03-02T09:54:00Z"
