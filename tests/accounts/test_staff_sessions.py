from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import Person
from accounts.staff_sign_in.passkeys import passkeys_work, relying_party
from audit.models import AuditRow
from core import clock

PASSWORD = "a long enough password"


@pytest.fixture
def here(nele: Person) -> Client:
    nele.set_password(PASSWORD)
    nele.save()
    return Client()


def sign_in(person: Person, client: Client, agent: str) -> None:
    answer = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD}, headers={"User-Agent": agent})
    assert answer.status_code == 302


class TestSessions:
    def test_are_listed_with_when_and_where(self, here: Client, nele: Person) -> None:
        sign_in(nele, Client(), "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        sign_in(nele, here, "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")
        Authenticator.objects.create(user=nele, type=Authenticator.Type.TOTP, data={"secret": "x"})

        page = here.get("/accounts/sessions/").content.decode()

        assert page.index("Chrome op Android <strong>(hier)</strong>") < page.index("Firefox op Linux")

    def test_are_ended_elsewhere_and_that_is_written_down(self, here: Client, nele: Person) -> None:
        elsewhere = Client()
        sign_in(nele, elsewhere, "")
        sign_in(nele, here, "")
        Authenticator.objects.create(user=nele, type=Authenticator.Type.TOTP, data={"secret": "x"})

        here.post("/accounts/sessions/")

        assert elsewhere.get("/admin/").status_code == 302
        assert here.get("/admin/").status_code == 200
        assert AuditRow.objects.get(action="person.sessions_ended").detail == {"sessions": 1}

    def test_are_shown_to_nobody_before_the_second_step(self, here: Client, nele: Person) -> None:
        sign_in(nele, here, "")

        assert here.get("/accounts/sessions/")["Location"] == "/accounts/2fa/totp/activate/"


class TestTheFirstSignIn:
    def test_takes_two_steps_and_asks_no_password_twice(self, here: Client, nele: Person) -> None:
        Person.objects.filter(id=nele.id).update(password_until=clock.now() + timedelta(days=1))
        sign_in(nele, here, "")

        chosen = here.post("/accounts/password/change/", {"password1": "heel iets anders", "password2": "heel iets anders"})
        second = here.get("/accounts/2fa/totp/activate/")

        assert (chosen.status_code, second.status_code) == (302, 200)
        assert "Stel je tweede stap in" in second.content.decode()

    def test_asks_the_old_password_of_who_chose_it_before(self, here: Client, nele: Person) -> None:
        sign_in(nele, here, "")

        here.post("/accounts/password/change/", {"password1": "heel iets anders", "password2": "heel iets anders"})

        nele.refresh_from_db()
        assert nele.check_password(PASSWORD)


class TestPasskeys:
    @pytest.mark.parametrize(
        ("public", "host", "secure", "works"),
        [
            ("", "localhost:8000", False, True),
            ("", "127.0.0.1:8000", False, False),
            ("https://maatje.example", "maatje.example", True, True),
            ("https://maatje.example", "maatje.example", False, False),
            ("https://maatje.example", "localhost", False, False),
            ("http://maatje.example", "maatje.example", False, False),
        ],
        ids=["this-machine", "by-number", "https", "https-without-tls", "another-name", "http"],
    )
    def test_work_under_one_name(
        self, public: str, host: str, *, secure: bool, works: bool, settings: Settings, rf: RequestFactory
    ) -> None:
        settings.MAATJE_PUBLIC_URL = public
        settings.ALLOWED_HOSTS = ["*"]

        assert passkeys_work(rf.get("/", secure=secure, headers={"host": host})) is works

    def test_belong_to_the_public_name(self, settings: Settings) -> None:
        settings.MAATJE_PUBLIC_URL = "https://maatje.example"
        assert relying_party() == "maatje.example"
        settings.MAATJE_PUBLIC_URL = ""
        assert relying_party() == "localhost"
