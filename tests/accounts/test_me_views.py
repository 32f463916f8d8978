from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import Block, Device, Person
from tests.factories import make_circle, make_device, make_person

SignIn = Callable[[Person], APIClient]


class TestMe:
    def test_says_who_this_is(self, fatima: Person, signed_in: SignIn) -> None:
        answer = signed_in(fatima).get("/api/v1/me")

        assert answer["Cache-Control"] == "no-store"
        assert answer.json() == {
            "id": str(fatima.id),
            "name": "Fatima",
            "role": "participant",
            "language": "nl",
            "zone": "Europe/Brussels",
            "shows_read_marks": False,
            "low_data": False,
            "data_budget": None,
        }

    def test_changes_what_is_given(self, fatima: Person, signed_in: SignIn) -> None:
        answer = signed_in(fatima).patch("/api/v1/me", {"language": "ar", "shows_read_marks": True}, format="json")

        assert answer.status_code == 200
        assert (answer.json()["language"], answer.json()["shows_read_marks"], answer.json()["name"]) == ("ar", True, "Fatima")

    @pytest.mark.parametrize(
        "body",
        [
            {"name": ""}, {"name": " "}, {"name": "x" * 81}, {"name": "a\x00b"}, {"name": None}, {"name": 7}, {"language": "nl_BE"}, {"language": 1},
            {"zone": "Mars/Olympus"}, {"zone": "../../etc/passwd"}, {"shows_read_marks": "yes"}, {"shows_read_marks": 1},
            {"shows_read_marks": None}, {"role": "administrator"}, {"is_staff": True}, [], "x", {"low_data": "yes"}, {"low_data": None}, {"low_data": 1},
            {"data_budget": True}, {"data_budget": False}, {"data_budget": 2e6}, {"data_budget": "2000000"}, {"data_budget": 99_999}, {"data_budget": 0},
            {"data_budget": -200_000}, {"data_budget": 10_000_000_001}, {"data_budget": 10**40}, {"data_budget": []}, {"data_budget": {}},
        ],
    )  # fmt: skip
    def test_refuses_what_it_does_not_know(self, fatima: Person, signed_in: SignIn, body: Any) -> None:
        answer = signed_in(fatima).patch("/api/v1/me", body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")

    def test_takes_a_limit_and_lifts_it_again(self, fatima: Person, signed_in: SignIn) -> None:
        client = signed_in(fatima)
        bodies: list[dict[str, Any]] = [
            {"data_budget": 100_000},
            {"low_data": True},
            {"data_budget": None},
            {"data_budget": 10_000_000_000},
        ]

        answers = [client.patch("/api/v1/me", body, format="json").json() for body in bodies]

        assert [(answer["data_budget"], answer["low_data"]) for answer in answers] == [
            (100_000, False),
            (100_000, True),
            (None, True),
            (10_000_000_000, True),
        ]

    def test_is_closed_to_strangers(self, anonymous: APIClient) -> None:
        for path in ("me", "devices", "blocks"):
            assert anonymous.get(f"/api/v1/{path}").status_code == 401


class TestDevices:
    def test_lists_mine_and_marks_this_one(self, fatima: Person, annemie: Person, signed_in: SignIn) -> None:
        make_device(person=fatima, label="library")
        make_device(person=annemie)

        listed = signed_in(fatima).get("/api/v1/devices").json()["devices"]

        assert [(device["label"], device["is_this_one"]) for device in listed] == [("library", False), ("phone", True)]

    def test_signs_out_the_one_that_was_lost(self, fatima: Person, signed_in: SignIn) -> None:
        lost, token = make_device(person=fatima)

        assert signed_in(fatima).delete(f"/api/v1/devices/{lost.id}").status_code == 204

        assert APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401

    def test_answers_alike_for_somebody_elses_and_for_none(self, fatima: Person, annemie: Person, signed_in: SignIn) -> None:
        hers, _ = make_device(person=annemie)
        client = signed_in(fatima)

        others, missing = client.delete(f"/api/v1/devices/{hers.id}"), client.delete(f"/api/v1/devices/{uuid4()}")

        assert others.status_code == missing.status_code == 404
        assert others.content == missing.content
        assert Device.objects.filter(id=hers.id).exists()


class TestBlocks:
    def test_are_put_listed_and_lifted(self, fatima: Person, annemie: Person, signed_in: SignIn, now: datetime) -> None:
        make_circle(people=[fatima, annemie], now=now)
        client = signed_in(fatima)

        assert [client.put(f"/api/v1/blocks/{annemie.id}").status_code for _ in range(2)] == [204, 204]
        listed = client.get("/api/v1/blocks").json()["blocks"]
        assert [(block["person_id"], block["name"]) for block in listed] == [(str(annemie.id), "Annemie")]

        assert [client.delete(f"/api/v1/blocks/{annemie.id}").status_code for _ in range(2)] == [204, 204]
        assert not Block.objects.exists()

    def test_tell_nobody_whether_a_stranger_exists(self, fatima: Person, signed_in: SignIn) -> None:
        client = signed_in(fatima)

        stranger, nobody = client.put(f"/api/v1/blocks/{make_person().id}"), client.put(f"/api/v1/blocks/{uuid4()}")

        assert stranger.status_code == nobody.status_code == 404
        assert stranger.content == nobody.content

    def test_are_not_for_oneself(self, fatima: Person, signed_in: SignIn) -> None:
        answer = signed_in(fatima).put(f"/api/v1/blocks/{fatima.id}")

        assert (answer.status_code, answer.json()["code"]) == (409, "cannot_block_yourself")
