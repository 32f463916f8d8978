from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.actions import invites
from accounts.authentication import COOKIE, WHOSE
from accounts.models import Device, Person
from core import clock
from tests.factories import make_device

SignIn = Callable[[Person], APIClient]


@pytest.fixture
def code(fatima: Person) -> str:
    return invites.make(person=fatima, by=None, now=clock.now())[1]


def enrol(client: APIClient, body: Any, **more: Any) -> Any:
    return client.post("/api/v1/enrol", body, format="json", **more)


class TestEnrol:
    def test_gives_an_app_its_token(self, anonymous: APIClient, code: str) -> None:
        answer = enrol(anonymous, {"code": f" {code[:5].lower()}-{code[5:]} ", "label": "old Nokia"})

        assert answer.status_code == 201
        assert answer["Cache-Control"] == "no-store"
        assert answer.json()["person"]["name"] == "Fatima"
        assert answer.json()["device"]["label"] == "old Nokia"
        me = anonymous.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {answer.json()['token']}")
        assert me.status_code == 200

    def test_gives_a_browser_a_cookie_and_no_token(self, anonymous: APIClient, code: str) -> None:
        answer = enrol(anonymous, {"code": code, "keep": "cookie"}, headers={"origin": "http://testserver"})

        cookie = answer.cookies[COOKIE]
        assert "token" not in answer.json()
        assert cookie.value not in answer.content.decode()
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Strict")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["max-age"] == 180 * 86_400
        assert answer.json()["device"]["id"].endswith(answer.cookies[WHOSE].value)
        assert not answer.cookies[WHOSE]["httponly"]
        assert anonymous.get("/api/v1/me").status_code == 200

    def test_takes_the_place_of_the_same_persons_cookie(self, anonymous: APIClient, fatima: Person, code: str) -> None:
        phone, _ = make_device(person=fatima)
        enrol(anonymous, {"code": code, "keep": "cookie"}, headers={"origin": "http://testserver"})
        _, again = invites.make(person=fatima, by=None, now=clock.now())

        answer = enrol(anonymous, {"code": again, "keep": "cookie"}, headers={"origin": "http://testserver"})

        assert {str(device.id) for device in fatima.devices.all()} == {str(phone.id), answer.json()["device"]["id"]}
        assert anonymous.get("/api/v1/me").status_code == 200

    def test_leaves_somebody_elses_cookie_its_device(self, anonymous: APIClient, annemie: Person, code: str) -> None:
        _, hers = invites.make(person=annemie, by=None, now=clock.now())
        enrol(anonymous, {"code": hers, "keep": "cookie"}, headers={"origin": "http://testserver"})

        enrol(anonymous, {"code": code, "keep": "cookie"}, headers={"origin": "http://testserver"})

        assert annemie.devices.count() == 1

    def test_lets_no_other_page_sign_a_browser_in(self, anonymous: APIClient, code: str) -> None:
        answer = enrol(anonymous, {"code": code, "keep": "cookie"}, headers={"origin": "https://evil.example"})

        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
        assert not Device.objects.exists()

    def test_answers_alike_for_used_and_unknown_codes(self, anonymous: APIClient, code: str) -> None:
        enrol(anonymous, {"code": code})

        used, unknown = enrol(anonymous, {"code": code}), enrol(anonymous, {"code": "ABCDEFGHJK"})

        assert used.status_code == unknown.status_code == 404
        assert used.content == unknown.content
        assert {*used.headers} == {*unknown.headers}

    def test_says_when_to_try_again(self, anonymous: APIClient, settings: Settings) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS = 1
        enrol(anonymous, {"code": "ABCDEFGHJK"})

        answer = enrol(anonymous, {"code": "ABCDEFGHJK"})

        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
        assert answer["Retry-After"] == str(answer.json()["retry_after"])

    def test_counts_on_the_address_that_our_proxy_saw(self, anonymous: APIClient, settings: Settings) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS, settings.MAATJE_TRUSTED_PROXIES = 1, 1

        statuses = [
            enrol(anonymous, {"code": "ABCDEFGHJK"}, HTTP_X_FORWARDED_FOR=hops).status_code
            for hops in ("9.9.9.1, 1.2.3.4", "9.9.9.2, 1.2.3.4", "9.9.9.1, 1.2.3.5")
        ]

        assert statuses == [404, 429, 404]

    def test_an_old_token_does_not_stand_in_the_way(self, anonymous: APIClient, code: str) -> None:
        assert enrol(anonymous, {"code": code}, HTTP_AUTHORIZATION="Bearer gone").status_code == 201

    @pytest.mark.parametrize(
        "body",
        [
            {}, [], "code", None, 1, {"code": None}, {"code": 1234567890}, {"code": True}, {"code": ["a"]}, {"code": "x" * 65}, {"code": "A\x00B"},
            {"code": ""}, {"code": "ABCDEFGHJK", "label": "x" * 41}, {"code": "ABCDEFGHJK", "label": 5}, {"code": "ABCDEFGHJK", "label": "a\x00"},
            {"code": "ABCDEFGHJK", "keep": "forever"}, {"code": "ABCDEFGHJK", "keep": ["token"]}, {"code": "ABCDEFGHJK", "keep": None},
            {"code": "ABCDEFGHJK", "admin": True},
        ],
    )  # fmt: skip
    def test_refuses_what_it_does_not_know(self, anonymous: APIClient, body: Any) -> None:
        answer = enrol(anonymous, body)

        assert answer.status_code == 400
        assert answer.json()["code"] in {"invalid", "malformed"}

    def test_takes_json_only(self, anonymous: APIClient, code: str) -> None:
        answer = anonymous.post("/api/v1/enrol", {"code": code}, format="multipart")

        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


class TestSignOut:
    def test_ends_this_device_and_makes_the_browser_forget(self, fatima: Person) -> None:
        client = APIClient()
        client.cookies[COOKIE] = make_device(person=fatima, in_browser=True)[1]
        client.cookies[WHOSE] = "0123abcd"
        make_device(person=fatima)

        answer = client.post("/api/v1/sign-out", headers={"origin": "http://testserver"})

        assert answer.status_code == 204
        assert [(answer.cookies[name].value, answer.cookies[name]["max-age"]) for name in (COOKIE, WHOSE)] == [("", 0)] * 2
        assert answer.cookies[COOKIE]["secure"]
        assert Device.objects.count() == 1

    def test_everywhere_ends_all(self, fatima: Person, signed_in: SignIn) -> None:
        clients = [signed_in(fatima), signed_in(fatima)]

        assert clients[0].post("/api/v1/sign-out-everywhere").status_code == 204

        assert [client.get("/api/v1/me").status_code for client in clients] == [401, 401]
