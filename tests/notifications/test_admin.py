from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.actions import people
from accounts.models import Device, Person, Role
from notifications.actions.addresses import bury
from notifications.back_office import words
from notifications.models import AddressKind, PushAddress
from tests.conftest import Clock
from tests.factories import make_device, make_organisation, make_person
from tests.notifications.conftest import ring
from tests.notifications.post import make_address

pytestmark = pytest.mark.django_db

PAGE = "/admin/accounts/person/unreached/"
TOKEN = "kanarie-token-van-een-toestel"  # of a phone


@pytest.fixture(autouse=True)
def office(settings: Settings) -> None:
    """A back office that takes a password for an answer."""
    settings.DEBUG = True


@pytest.fixture
def silent(device: Device, clock: Clock) -> PushAddress:
    """Fatima took the app off her phone."""
    address = ring(device, now=clock(), token=TOKEN)
    bury([address.id], why="unregistered", now=clock())
    return address


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(by: Person, address: str = PAGE) -> str:
    answer = sign_in(by).get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


class TestThePageOfThoseWhomNothingReaches:
    def test_says_who_why_and_what_helps(self, silent: PushAddress, nele: Person) -> None:
        shown = page(nele)

        assert ">Fatima</a>" in shown
        assert "De app is van het toestel gehaald" in shown
        assert "Er kwam nog nooit iets aan." in shown
        assert "Vraag om Maatje daar één keer te openen" in shown
        assert "Stel anders een sms voor" in shown

    def test_says_when_something_arrived_last_to_the_day(self, silent: PushAddress, nele: Person, now: datetime) -> None:
        PushAddress.objects.update(reached_at=now)

        assert "Voor het laatst kwam er iets aan op 2 maart 2026." in page(nele)

    def test_knows_who_has_an_sms_already_or_no_number(self, silent: PushAddress, annemie: Person, nele: Person, now: datetime) -> None:
        make_address(silent.person, kind=AddressKind.SMS, now=now)
        bury([ring(make_device(person=annemie, now=now)[0], now=now).id], why="http_410", now=now)

        shown = page(nele)

        assert "Er is ook een sms ingesteld." in shown
        assert "zodra hier een telefoonnummer staat" in shown
        assert "Stel anders een sms voor" not in shown

    def test_shows_no_address(self, silent: PushAddress, device: Device, nele: Person, clock: Clock) -> None:
        again = ring(device, now=clock(), token=TOKEN)
        PushAddress.objects.filter(id=again.id).update(failing_since=clock(), last_error="timeout")
        clock.move(days=15)

        shown = page(nele) + page(nele, f"/admin/accounts/person/{silent.person_id}/change/")

        assert shown.count("antwoordt niet") == 2
        assert TOKEN not in shown
        assert "0470" not in page(nele)

    def test_leaves_out_those_who_are_reached_never_asked_or_may_not_come_in(
        self, silent: PushAddress, annemie: Person, nele: Person, now: datetime
    ) -> None:
        ring(make_device(person=annemie, now=now)[0], now=now)
        people.suspend(person=silent.person, by=None, now=now)

        assert "Er is niemand." in page(nele)

    def test_is_found_from_the_start_and_from_the_list_of_people(self, nele: Person) -> None:
        for address in ("/admin/", "/admin/accounts/person/"):
            assert f'href="{PAGE}"' in page(nele, address)


class TestThePageOfAPerson:
    def test_says_that_they_get_no_notices(self, silent: PushAddress, annemie: Person, nele: Person) -> None:
        assert "Krijgt geen meldingen" in page(nele, f"/admin/accounts/person/{silent.person_id}/change/")
        assert "Krijgt geen meldingen" not in page(nele, f"/admin/accounts/person/{annemie.id}/change/")


class TestWhoSeesThem:
    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR])
    def test_those_who_look_after_people(self, silent: PushAddress, role: Role, now: datetime) -> None:
        assert ">Fatima</a>" in page(make_person(role=role, now=now))

    def test_no_coordinator_of_another_organisation(self, silent: PushAddress, now: datetime) -> None:
        stranger = make_person(role=Role.COORDINATOR, organisation=make_organisation(name="Elsewhere", now=now), now=now)

        assert "Er is niemand." in page(stranger)
        assert sign_in(stranger).get(f"/admin/accounts/person/{silent.person_id}/change/").status_code == 404

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR])
    def test_no_other_staff(self, silent: PushAddress, role: Role, now: datetime) -> None:
        client = sign_in(make_person(role=role, now=now))

        assert client.get(PAGE).status_code == 403
        assert PAGE not in client.get("/admin/").content.decode()

    def test_no_member(self, silent: PushAddress) -> None:
        assert sign_in(silent.person).get(PAGE).status_code in {302, 403}


class TestTheWords:
    @pytest.mark.parametrize(
        "code", ["", "unregistered", "http_410", "taken", "timeout", "http_503", "http_403", "vapid_x", "a code to come"]
    )
    def test_explain_every_code_without_quoting_it(self, code: str) -> None:
        sentence = words.why(code)

        assert sentence.endswith(".")
        assert not code or code not in sentence

    @pytest.mark.parametrize("code", ["unavailable", "http_500", "third_party_auth_error"])
    def test_ask_nothing_of_people_for_what_is_not_about_their_phone(self, code: str) -> None:
        assert "Vraag om Maatje" not in words.what_helps(code, by=(), has_number=True)
