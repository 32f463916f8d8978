import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from accounts.actions import people
from accounts.models import Person
from core import clock

PASSWORD = "a long enough password"


@pytest.fixture
def browser(nele: Person) -> Client:
    """Nele's browser, after she gave her password."""
    nele.set_password(PASSWORD)
    nele.save()
    client = Client()
    answer = client.post("/accounts/login/", {"login": nele.username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def with_second_factor(person: Person) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})


class TestTheBackOffice:
    def test_sends_strangers_to_sign_in(self, client: Client, db: None) -> None:
        answer = client.get("/admin/", follow=True)

        assert [step for step, _ in answer.redirect_chain][-1].startswith("/accounts/login/?next=")

    def test_sends_staff_without_a_second_factor_to_set_one_up(self, browser: Client) -> None:
        answer = browser.get("/admin/")
        door = browser.get(answer["Location"])

        assert (door.status_code, door["Location"]) == (302, "/accounts/2fa/totp/activate/")

    def test_offers_no_way_around_through_the_password_form_of_the_admin(self, browser: Client, nele: Person) -> None:
        answer = browser.post("/admin/login/", {"username": nele.username, "password": PASSWORD})

        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")

    def test_opens_with_a_second_factor(self, browser: Client, nele: Person) -> None:
        with_second_factor(nele)

        assert browser.get("/admin/").status_code == 200

    def test_opens_with_a_password_while_developing(self, browser: Client, settings: Settings) -> None:
        settings.DEBUG = True

        assert browser.get("/admin/").status_code == 200

    def test_closes_at_once_for_staff_who_are_suspended(self, browser: Client, nele: Person) -> None:
        with_second_factor(nele)
        people.suspend(person=nele, by=None, now=clock.now())

        assert browser.get("/admin/").status_code == 302
        assert browser.get("/admin/", follow=True).status_code == 403

    def test_asks_for_the_second_factor_at_every_sign_in(self, nele: Person) -> None:
        nele.set_password(PASSWORD)
        nele.save()
        with_second_factor(nele)
        client = Client()

        answer = client.post("/accounts/login/", {"login": nele.username, "password": PASSWORD})

        assert answer["Location"].startswith("/accounts/2fa/authenticate/")
        assert client.get("/admin/").status_code == 302

    def test_leads_to_no_other_site(self, browser: Client, nele: Person) -> None:
        with_second_factor(nele)

        assert browser.get("/admin/login/?next=https://evil.example/")["Location"] == "/admin/"


class TestStaffAdapter:
    def test_lets_nobody_sign_themselves_up(self, client: Client, db: None) -> None:
        client.post("/accounts/signup/", {"username": "mallory", "password1": PASSWORD})

        assert not Person.objects.exists()

    def test_lets_no_suspended_staff_sign_in(self, nele: Person) -> None:
        nele.set_password(PASSWORD)
        nele.save()
        people.suspend(person=nele, by=None, now=clock.now())
        client = Client()

        client.post("/accounts/login/", {"login": nele.username, "password": PASSWORD})

        assert "_auth_user_id" not in client.session
