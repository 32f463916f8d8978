from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.actions import invites
from accounts.models import Invite, Person, Role
from core import clock
from tests.factories import make_circle, make_device, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Settings) -> None:
    """A back office that takes a password for an answer."""
    settings.DEBUG = True


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.usefixtures("office")
class TestPeoplePages:
    def test_show_a_coordinator_their_own_people(self, fatima: Person, nele: Person, now: datetime) -> None:
        make_person(name="Stranger", organisation=make_organisation(name="Elsewhere"), now=now)

        page = sign_in(nele).get("/admin/accounts/person/").content.decode()

        assert "Fatima" in page
        assert "Stranger" not in page

    def test_find_somebody_by_phone_number(self, fatima: Person, annemie: Person, nele: Person) -> None:
        page = sign_in(nele).get("/admin/accounts/person/", {"q": "0470 12 34 56"}).content.decode()

        assert "Fatima" in page
        assert "Annemie" not in page

    def test_add_somebody_who_belongs_to_the_organisation_at_once(self, nele: Person) -> None:
        client = sign_in(nele)

        answer = client.post(
            "/admin/accounts/person/add/", {"name": "Yusuf", "role": "participant", "language": "tr", "phone": "0471 11 22 33"}
        )

        assert answer.status_code == 302
        assert "Yusuf" in client.get("/admin/accounts/person/").content.decode()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({"phone": "12"}, "Geef een telefoonnummer"), ({"role": "moderator"}, "moderator is geen beschikbare keuze"), ({"name": "\u202eX"}, "gewone letters")],
    )  # fmt: skip
    def test_say_what_is_wrong(self, nele: Person, change: dict[str, str], sentence: str) -> None:
        body = {"name": "Yusuf", "role": "participant", "language": "tr", **change}

        page = sign_in(nele).post("/admin/accounts/person/add/", body)

        assert page.status_code == 200
        assert sentence in unescape(page.content.decode())

    def test_show_an_invite_once_with_its_qr_code(self, fatima: Person, nele: Person) -> None:
        page = sign_in(nele).post(f"/admin/accounts/person/{fatima.id}/invite/")

        text = page.content.decode()
        code = text.split("<h2>")[1].split("</h2>")[0]
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert f"/enrol#{code}" in text
        assert "<svg" in text
        assert "style=" not in text.split("<svg")[1].split("</svg>")[0]
        device, _ = invites.redeem(code=code, address="", label="", in_browser=False, now=clock.now())
        assert device.person == fatima

    def test_make_no_invite_by_following_a_link(self, fatima: Person, nele: Person) -> None:
        assert sign_in(nele).get(f"/admin/accounts/person/{fatima.id}/invite/").status_code == 405
        assert not Invite.objects.exists()

    def test_make_no_invite_for_another_organisations_people(self, nele: Person, now: datetime) -> None:
        stranger = make_person(organisation=make_organisation(name="Elsewhere"), now=now)

        assert sign_in(nele).post(f"/admin/accounts/person/{stranger.id}/invite/").status_code == 404

    def test_suspend_and_sign_out_and_say_so(self, fatima: Person, nele: Person, now: datetime) -> None:
        make_device(person=fatima)
        client = sign_in(nele)

        for deed in ("sign-out-everywhere", "suspend"):
            assert client.post(f"/admin/accounts/person/{fatima.id}/{deed}/", follow=True).status_code == 200

        fatima.refresh_from_db()
        assert (fatima.devices.count(), fatima.suspended_at is not None, fatima.access_version) == (0, True, 2)

    def test_delete_nobody(self, fatima: Person, administrator: Person) -> None:
        assert sign_in(administrator).post(f"/admin/accounts/person/{fatima.id}/delete/", {"post": "yes"}).status_code == 403
        assert Person.objects.filter(id=fatima.id).exists()

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR])
    def test_are_closed_to_other_roles(self, role: Role, now: datetime) -> None:
        assert sign_in(make_person(role=role, now=now)).get("/admin/accounts/person/").status_code == 403


@pytest.mark.usefixtures("office")
class TestEveryPage:
    def test_opens_for_an_administrator(self, fatima: Person, annemie: Person, administrator: Person, now: datetime) -> None:
        circle = make_circle(people=[fatima, annemie], now=now)
        make_device(person=fatima)
        client = sign_in(administrator)

        for path in (
            "", "accounts/person/", f"accounts/person/{fatima.id}/change/", "accounts/person/add/", "programmes/organisation/",
            "programmes/programme/", "programmes/circle/", f"programmes/circle/{circle.id}/change/",
        ):  # fmt: skip
            assert client.get(f"/admin/{path}").status_code == 200, path

    def test_shows_no_secret(self, fatima: Person, administrator: Person) -> None:
        device, _ = make_device(person=fatima)

        page = sign_in(administrator).get(f"/admin/accounts/person/{fatima.id}/change/").content.decode()

        assert device.digest not in page
        assert "password" not in page.lower().split("<main")[-1].split("</main>")[0]

    @pytest.mark.parametrize("path", ["auth/group/", "account/emailaddress/", "mfa/authenticator/", "accounts/device/"])
    def test_leaves_second_factors_and_tokens_alone(self, administrator: Person, path: str) -> None:
        assert sign_in(administrator).get(f"/admin/{path}").status_code == 404
