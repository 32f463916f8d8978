import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.authentication import COOKIE, WHOSE, token_from_headers
from accounts.models import Device, Person
from tests.factories import make_device


class TestTokenFromHeaders:
    def test_reads_the_bearer_token(self) -> None:
        assert token_from_headers({b"authorization": b"Bearer mtj_1"}) == ("mtj_1", False)
        assert token_from_headers({b"authorization": b"bearer  mtj_1 "}) == ("mtj_1", False)

    def test_reads_the_cookie_and_says_so(self) -> None:
        assert token_from_headers({b"cookie": b"a=b; __Host-maatje=mtj_1; __Host-maatje-who=1; c=d"}) == ("mtj_1", True)

    def test_believes_the_header_before_the_cookie(self) -> None:
        assert token_from_headers({b"authorization": b"Bearer one", b"cookie": b"__Host-maatje=two"}) == ("one", False)

    def test_takes_half_a_cookie_for_none(self) -> None:
        assert token_from_headers({b"cookie": b"__Host-maatje=mtj_1"}) is None
        assert token_from_headers({b"cookie": b"__Host-maatje=mtj_1; __Host-maatje-who="}) is None

    @pytest.mark.parametrize("headers", [{}, {b"authorization": b"Basic eA=="}, {b"cookie": b"maatje=x"}, {b"cookie": b"\xff\x00=;;"}])
    def test_finds_none_elsewhere(self, headers: dict[bytes, bytes]) -> None:
        assert token_from_headers(headers) is None


@pytest.fixture
def browser(fatima: Person) -> APIClient:
    """Fatima's browser, with its cookie."""
    client = APIClient()
    client.cookies[COOKIE] = make_device(person=fatima, in_browser=True)[1]
    client.cookies[WHOSE] = "0123abcd"
    return client


class TestDeviceAuthentication:
    @pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Bearer mtj_" + "0" * 64, "Bearer é", "Basic x"])
    def test_answers_401_to_every_other_token(self, anonymous: APIClient, header: str) -> None:
        answer = anonymous.get("/api/v1/me", HTTP_AUTHORIZATION=header)

        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_lets_a_browser_read_by_its_cookie(self, browser: APIClient) -> None:
        assert browser.get("/api/v1/me").json()["name"] == "Fatima"

    def test_lets_nobody_in_once_the_page_dropped_its_half(self, browser: APIClient) -> None:
        del browser.cookies[WHOSE]

        assert browser.get("/api/v1/me").status_code == 401

    @pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
    def test_lets_no_other_page_act_by_the_cookie(self, browser: APIClient, origin: str | None) -> None:
        answer = browser.post("/api/v1/sign-out", headers={"origin": origin} if origin else {})

        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
        assert Device.objects.count() == 1

    def test_lets_our_own_page_act(self, browser: APIClient) -> None:
        assert browser.post("/api/v1/sign-out", headers={"origin": "http://testserver"}).status_code == 204

    def test_lets_a_page_act_that_the_settings_name(self, browser: APIClient, settings: Settings) -> None:
        settings.MAATJE_ORIGINS = ["https://app.example"]

        assert browser.post("/api/v1/sign-out", headers={"origin": "https://app.example"}).status_code == 204

    @pytest.mark.parametrize("site", ["same-site", "cross-site"])
    def test_shows_nothing_to_a_neighbouring_page(self, browser: APIClient, site: str) -> None:
        answer = browser.get("/api/v1/me", HTTP_SEC_FETCH_SITE=site)

        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
        assert browser.get("/api/v1/me", HTTP_SEC_FETCH_SITE="same-origin").status_code == 200

    def test_asks_no_origin_of_a_bearer_token(self, fatima: Person) -> None:
        _, token = make_device(person=fatima)

        answer = APIClient().post("/api/v1/sign-out", headers={"authorization": f"Bearer {token}"})

        assert answer.status_code == 204
