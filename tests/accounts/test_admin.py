from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import Settings

from accounts.actions import invites
from accounts.admin import PersonAdmin
from accounts.models import Invite, Person, Role
from audit.models import AuditRow
from core import clock
from tests.conftest import Clock
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

    @pytest.mark.parametrize(
        "asked", ["password__startswith", "password__regex", "devices__digest__startswith", "invites__code_digest__gt"]
    )
    def test_answer_no_question_that_an_address_makes_up(self, nele: Person, asked: str) -> None:
        assert sign_in(nele).get("/admin/accounts/person/", {asked: "a"}).status_code == 400

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

    def test_change_a_name_a_number_and_a_language(self, fatima: Person, nele: Person) -> None:
        body = {"name": "Fatiha", "phone": "0471 11 22 33", "language": "fr"}

        answer = sign_in(nele).post(f"/admin/accounts/person/{fatima.id}/change/", body)

        fatima.refresh_from_db()
        assert answer.status_code == 302
        assert (fatima.name, fatima.phone, fatima.language) == ("Fatiha", "+32471112233", "fr")
        row = AuditRow.objects.get(action="person.changed")
        assert (row.actor_id, row.detail) == (nele.id, {"fields": ["language", "name", "phone"]})

    def test_say_so_when_a_number_is_taken(self, fatima: Person, annemie: Person, nele: Person) -> None:
        body = {"name": "Annemie", "phone": "0470 12 34 56", "language": "nl"}

        page = sign_in(nele).post(f"/admin/accounts/person/{annemie.id}/change/", body)

        assert page.status_code == 200
        assert "al ingeschreven met dit telefoonnummer" in page.content.decode()

    def test_let_a_coordinator_look_at_a_colleague_and_no_more(self, nele: Person, bram: Person) -> None:
        client = sign_in(nele)

        page = client.get(f"/admin/accounts/person/{bram.id}/change/").content.decode()
        client.post(f"/admin/accounts/person/{bram.id}/change/", {"name": "Mallory", "phone": "", "language": "nl"})

        bram.refresh_from_db()
        assert bram.name == "Bram"
        assert "Bewaren" not in page
        assert "Schorsen" not in page

    def test_list_devices_and_sign_one_out(self, fatima: Person, nele: Person) -> None:
        lost, _ = make_device(person=fatima, label="old Nokia")
        kept, _ = make_device(person=fatima, label="tablet")
        client = sign_in(nele)

        page = client.get(f"/admin/accounts/person/{fatima.id}/change/").content.decode()
        client.post(f"/admin/accounts/person/{fatima.id}/sign-out/", {"device": str(lost.id)})

        assert "old Nokia" in page
        assert lost.token_key not in page
        assert [device.id for device in fatima.devices.all()] == [kept.id]

    def test_sign_out_no_device_of_somebody_else(self, fatima: Person, annemie: Person, nele: Person) -> None:
        device, _ = make_device(person=annemie)

        sign_in(nele).post(f"/admin/accounts/person/{fatima.id}/sign-out/", {"device": str(device.id)})

        assert annemie.devices.count() == 1

    def test_take_an_invite_back(self, fatima: Person, nele: Person) -> None:
        client = sign_in(nele)
        client.post(f"/admin/accounts/person/{fatima.id}/invite/")
        invite = Invite.objects.get()

        client.post(f"/admin/accounts/person/{fatima.id}/revoke-invite/", {"invite": str(invite.id)})

        invite.refresh_from_db()
        assert invite.revoked_at is not None

    def test_suspend_and_give_access_back(self, fatima: Person, nele: Person) -> None:
        client = sign_in(nele)
        client.post(f"/admin/accounts/person/{fatima.id}/suspend/")

        refused = client.post(f"/admin/accounts/person/{fatima.id}/invite/")
        client.post(f"/admin/accounts/person/{fatima.id}/unsuspend/")

        fatima.refresh_from_db()
        assert refused.status_code == 409
        assert "kan niet binnengelaten worden" in refused.content.decode()
        assert fatima.suspended_at is None

    def test_show_a_first_password_once(self, nele: Person, administrator: Person) -> None:
        client = sign_in(administrator)

        page = client.post(f"/admin/accounts/person/{nele.id}/password/").content.decode()

        nele.refresh_from_db()
        password = page.split("<h2>")[1].split("</h2>")[0]
        assert nele.check_password(password)
        assert password not in client.get(f"/admin/accounts/person/{nele.id}/change/").content.decode()

    def test_forget_a_lost_second_factor(self, nele: Person, administrator: Person) -> None:
        Authenticator.objects.create(user=nele, type=Authenticator.Type.TOTP, data={"secret": "x"})

        sign_in(administrator).post(f"/admin/accounts/person/{nele.id}/forget-second-factor/")

        assert not Authenticator.objects.exists()
        assert AuditRow.objects.filter(action="person.second_factor_forgotten", actor_id=administrator.id).exists()

    @pytest.mark.parametrize("deed", ["password", "forget-second-factor"])
    def test_let_no_coordinator_open_the_door_for_a_colleague(self, nele: Person, bram: Person, deed: str) -> None:
        Authenticator.objects.create(user=bram, type=Authenticator.Type.TOTP, data={"secret": "x"})

        sign_in(nele).post(f"/admin/accounts/person/{bram.id}/{deed}/")

        bram.refresh_from_db()
        assert not bram.has_usable_password()
        assert Authenticator.objects.count() == 1

    @pytest.mark.parametrize("deed", PersonAdmin.deeds)
    def test_change_nothing_when_a_link_is_followed(self, fatima: Person, administrator: Person, deed: str) -> None:
        before = AuditRow.objects.count()

        assert sign_in(administrator).get(f"/admin/accounts/person/{fatima.id}/{deed}/").status_code == 405
        assert AuditRow.objects.count() == before

    @pytest.mark.parametrize("deed", PersonAdmin.deeds)
    def test_reach_nobody_of_another_organisation(self, nele: Person, now: datetime, deed: str) -> None:
        stranger = make_person(organisation=make_organisation(name="Elsewhere"), now=now)
        before = AuditRow.objects.count()

        assert sign_in(nele).post(f"/admin/accounts/person/{stranger.id}/{deed}/").status_code == 404
        assert AuditRow.objects.count() == before

    def test_write_no_names_into_djangos_own_log(self, fatima: Person, nele: Person) -> None:
        client = sign_in(nele)
        client.post("/admin/accounts/person/add/", {"name": "Yusuf", "role": "participant", "language": "tr", "phone": ""})
        client.post(f"/admin/accounts/person/{fatima.id}/change/", {"name": "Fatiha", "phone": "", "language": "fr"})

        assert not LogEntry.objects.exists()

    def test_tell_the_time_where_the_reader_is(self, fatima: Person, nele: Person, clock: Clock) -> None:
        sign_in(nele).post(f"/admin/accounts/person/{fatima.id}/suspend/")

        page = sign_in(nele).get(f"/admin/accounts/person/{fatima.id}/change/").content.decode()

        assert f"{clock().astimezone(ZoneInfo('Europe/Brussels')):%H:%M}" in page

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
