from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.actions import data_use, people
from accounts.models import Device, Person
from live.meter import COUNTED, Count
from tests.conftest import Clock

SignIn = Callable[[Person], APIClient]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    data_use.forget()


class TestData:
    def test_shows_what_each_device_came_to_this_month(self, fatima: Person, annemie: Person, signed_in: SignIn, clock: Clock) -> None:
        client, gone = signed_in(fatima), uuid4()
        this = Device.objects.get(user=fatima)
        data_use.add([Count(fatima.id, this.id, 9, 9)], now=clock() - timedelta(days=31))
        data_use.add([Count(fatima.id, this.id, 1, 2), Count(fatima.id, gone, 10, 20), Count(annemie.id, uuid4(), 5, 5)], now=clock())

        answer = client.get("/api/v1/me/data")

        assert answer["Cache-Control"] == "no-store"
        shown: dict[str, Any] = answer.json()
        assert {(device["id"], device["sent"], device["received"]) for device in shown.pop("devices")} == {
            (str(this.id), 1, 2),
            (str(gone), 10, 20),
        }
        assert shown == {
            "month": "2026-03",
            "used": 33,
            "budget": None,
            "step": 0,
            "this_device": {"sent": 1, "received": 2},
            "counted": COUNTED,
        }

    def test_says_how_far_into_the_budget_that_is(self, fatima: Person, signed_in: SignIn, clock: Clock) -> None:
        people.update_settings(person=fatima, data_budget=100_000, by=fatima, now=clock())
        client = signed_in(fatima)
        steps = [client.get("/api/v1/me/data").json()["step"]]

        for _ in range(4):
            data_use.add([Count(fatima.id, uuid4(), 26_000, 0)], now=clock())
            steps.append(client.get("/api/v1/me/data").json()["step"])

        assert steps == [0, 0, 50, 50, 100]

    def test_is_nothing_for_a_new_device(self, fatima: Person, signed_in: SignIn, clock: Clock) -> None:
        shown = signed_in(fatima).get("/api/v1/me/data").json()

        assert (shown["used"], shown["devices"], shown["this_device"]) == (0, [], {"sent": 0, "received": 0})

    def test_is_closed_to_strangers(self, anonymous: APIClient) -> None:
        assert anonymous.get("/api/v1/me/data").status_code == 401
