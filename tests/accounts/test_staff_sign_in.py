from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actions import people, second_factors
from accounts.models import Invite, Person
from audit.models import AuditRow
from core import clock
from tests.browser.authenticator import Authenticator as App

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


def written() -> list[tuple[str, str]]:
    """What the log says of second factors: what happened, to which kind."""
    rows = AuditRow.objects.filter(action__startswith="person.second_factor_").order_by("n")
    return [(row.action.removeprefix("person.second_factor_"), row.detail["kind"]) for row in rows]


class TestTheDoor:
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

    def test_sends_staff_with_a_first_password_to_choose_their_own(self, browser: Client, nele: Person) -> None:
        with_second_factor(nele)
        Person.objects.filter(id=nele.id).update(password_until=clock.now() + timedelta(days=1))

        door = browser.get(browser.get("/admin/")["Location"])

        assert (door.status_code, door["Location"]) == (302, "/accounts/password/change/")

    def test_lets_a_browser_say_where_a_form_comes_from(self, browser: Client, nele: Person) -> None:
        with_second_factor(nele)

        for path in ("/accounts/login/", "/accounts/password/change/", "/accounts/2fa/", "/admin/", "/admin/accounts/person/add/"):
            assert browser.get(path)["Referrer-Policy"] == "same-origin", path

    def test_keeps_its_forms_to_its_own_pages(self, nele: Person) -> None:
        with_second_factor(nele)
        stranger = Client(enforce_csrf_checks=True)
        stranger.force_login(nele, backend="django.contrib.auth.backends.ModelBackend")

        assert stranger.post(f"/admin/accounts/person/{nele.id}/invite/").status_code == 403
        assert not Invite.objects.exists()


class TestThePagesOfAllauth:
    @pytest.mark.parametrize(
        "path",
        [
            "signup/", "email/", "confirm-email/", "confirm-email/x/", "password/reset/", "password/reset/done/", "password/set/",
            "password/reset/key/1-x/", "login/code/", "login/code/confirm/", "2fa/webauthn/", "2fa/webauthn/add/", "",
        ],
    )  # fmt: skip
    def test_end_where_nobody_needs_them(self, browser: Client, path: str) -> None:
        assert browser.get(f"/accounts/{path}").status_code == 404

    def test_let_a_password_be_chosen_and_lead_on(self, browser: Client, nele: Person) -> None:
        Person.objects.filter(id=nele.id).update(password_until=clock.now() + timedelta(days=1))

        answer = browser.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "heel iets anders", "password2": "heel iets anders"}
        )

        nele.refresh_from_db()
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
        assert nele.password_until is None
        assert AuditRow.objects.filter(action="person.password_chosen").exists()

    def test_let_nobody_set_a_password_without_the_old_one(self, nele: Person) -> None:
        client = Client()
        client.force_login(nele, backend="django.contrib.auth.backends.ModelBackend")

        assert not nele.has_usable_password()
        assert client.get("/accounts/password/change/").status_code == 403


class TestASecondFactor:
    @pytest.fixture
    def seed(self, browser: Client) -> str:
        """The seed that Nele's browser is shown after she gave her password once more."""
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        page = browser.get("/accounts/2fa/totp/activate/")
        return str(page.context["form"].secret)

    def test_waits_sealed_for_its_first_code(self, seed: str) -> None:
        held = [repr(session.get_decoded()) for session in Session.objects.all()]

        assert any(SECRET_SESSION_KEY in session for session in held)
        assert not [session for session in held if seed in session]

    def test_is_stored_sealed_and_works(self, browser: Client, nele: Person, seed: str) -> None:
        answer = browser.post("/accounts/2fa/totp/activate/", {"code": App(seed).code()})

        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/recovery-codes/")
        stored = repr(list(Authenticator.objects.values_list("data", flat=True)))
        codes = browser.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
        recovery_seed = decrypt(Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["seed"])
        assert Authenticator.objects.count() == 2
        assert len(codes) == 10
        assert not [secret for secret in (seed, recovery_seed, *codes) if secret in stored]
        assert browser.get("/admin/").status_code == 200

    def test_ends_the_sessions_that_never_showed_one(
        self, browser: Client, nele: Person, seed: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        elsewhere = Client()
        elsewhere.force_login(nele, backend="django.contrib.auth.backends.ModelBackend")

        with django_capture_on_commit_callbacks(execute=True):
            browser.post("/accounts/2fa/totp/activate/", {"code": App(seed).code()})

        assert browser.get("/admin/").status_code == 200
        assert elsewhere.get("/admin/")["Location"] == "/admin/login/?next=/admin/"

    def test_takes_no_wrong_code(self, browser: Client, seed: str) -> None:
        assert browser.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
        assert not Authenticator.objects.exists()
        assert written() == []

    def test_is_written_down_when_it_comes(self, browser: Client, nele: Person, seed: str) -> None:
        browser.post("/accounts/2fa/totp/activate/", {"code": App(seed).code()})

        assert written() == [("added", "totp"), ("added", "recovery_codes")]
        assert AuditRow.objects.filter(action="person.second_factor_added", actor_id=nele.id, subject=f"person:{nele.id}").count() == 2

    def test_is_written_down_when_it_goes(self, browser: Client, nele: Person, seed: str) -> None:
        browser.post("/accounts/2fa/totp/activate/", {"code": App(seed).code()})
        browser.post("/accounts/2fa/totp/deactivate/")

        assert not Authenticator.objects.exists()
        assert written()[2:] == [("removed", "totp"), ("removed", "recovery_codes")]

    def test_is_written_down_when_its_codes_are_made_anew(self, browser: Client, seed: str) -> None:
        browser.post("/accounts/2fa/totp/activate/", {"code": App(seed).code()})
        browser.post("/accounts/2fa/recovery-codes/generate/")

        assert written()[2:] == [("removed", "recovery_codes"), ("added", "recovery_codes")]

    def test_stays_when_it_cannot_be_written_down(self, nele: Person) -> None:
        with_second_factor(nele)

        with pytest.raises(RuntimeError), second_factors.written_down(person=nele, by=nele, now=clock.now()):
            Authenticator.objects.all().delete()
            raise RuntimeError

        assert Authenticator.objects.count() == 1
        assert written() == []


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

    def test_takes_no_first_password_that_waited_too_long(self, nele: Person) -> None:
        nele.set_password(PASSWORD)
        nele.password_until = clock.now() - timedelta(seconds=1)
        nele.save()
        client = Client()

        answer = client.post("/accounts/login/", {"login": nele.username, "password": PASSWORD})

        assert answer["Location"] == "/accounts/inactive/"
        assert "_auth_user_id" not in client.session
