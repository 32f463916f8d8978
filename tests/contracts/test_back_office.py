"""What the back office shows, found by following every link there is, and to whom it opens."""

import base64
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.actions import invites
from accounts.models import Device, Invite, Person, Role
from chat.actions.entries import append_drafts
from chat.drafts import Draft, Sent
from core import clock
from programmes.models import Circle
from tests.factories import make_device, make_person

pytestmark = pytest.mark.django_db

BODY = "Kanariewoord dat niemand anders leest"
_LINK = re.compile(r'(?:href|action|src)="([^"#]+)')
LEADS_OUT = ("/accounts/logout/", "/api/", "/static/")


def with_second_factor(person: Person) -> Client:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return signed_in(person)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def follow_every_link(client: Client, start: str = "/admin/", *, most: int = 300) -> dict[str, str]:
    """Every page that can be reached from here, by address; one order and filter of a list will do."""
    pages: dict[str, str] = {}
    waiting = [start]
    while waiting and len(pages) < most:
        address = waiting.pop().partition("?")[0]
        if address in pages or urlsplit(address).netloc or address.startswith(LEADS_OUT):
            continue
        answer = client.get(address, follow=True)
        pages[address] = answer.content.decode(errors="replace") if answer["Content-Type"].startswith("text/html") else ""
        waiting += [urljoin(address, unescape(link)) for link in _LINK.findall(pages[address])]
    return pages


def spellings(secret: bytes) -> Iterator[str]:
    yield secret.hex()
    yield base64.b64encode(secret).decode()
    yield base64.urlsafe_b64encode(secret).decode()
    yield repr(secret)[2:-1]


@pytest.fixture
def administrator(now: object) -> Person:
    return make_person(role=Role.ADMINISTRATOR, name="Ada")


class TestTheBackOffice:
    def test_shows_no_body_index_or_token_on_any_page(self, circle: Circle, fatima: Person, nele: Person, administrator: Person) -> None:
        with_phone = make_person(name="Samira", phone="0470 12 34 56")
        device, token = make_device(person=fatima, label="Kanariephone")
        invite, code = invites.make(person=with_phone, by=nele, now=clock.now())
        sent = append_drafts(drafts=[Draft(fatima.id, circle.conversation.id, uuid4(), "message", BODY)], now=clock.now())
        nele.set_password("a long enough password")
        nele.save()

        for staff in (administrator, nele):
            pages = follow_every_link(with_second_factor(staff))
            said = "\n".join(pages.values())

            assert isinstance(sent[0], Sent)
            assert len(pages) > 15
            assert any(f"/admin/accounts/person/{fatima.id}/change/" in page for page in pages)
            assert "Fatima" in said
            assert "Kanariephone" in said
            secrets = [BODY, token, token[4:], device.digest, code, code[:5] + "-" + code[5:], nele.password]
            for sealed in (with_phone.phone_index, invite.code_digest, fatima.name_sealed, with_phone.phone_sealed):
                secrets += spellings(bytes(sealed or b"-"))
            assert not [secret for secret in secrets if secret in said]

    def test_shows_an_invite_on_the_page_that_makes_it_and_never_again(self, fatima: Person, nele: Person) -> None:
        client = with_second_factor(nele)

        page = client.post(f"/admin/accounts/person/{fatima.id}/invite/")
        made = Invite.objects.get()
        code = re.search(r"<h2>([2-9A-Z]{5}-[2-9A-Z]{5})</h2>", page.content.decode())
        later = "\n".join(follow_every_link(client).values())

        assert code is not None
        assert page["Cache-Control"].count("no-store") == 1
        assert code[1] not in later
        assert code[1].replace("-", "") not in later
        assert bytes(made.code_digest).hex() not in later

    @pytest.mark.parametrize("path", ["", "accounts/person/", "accounts/person/add/", "programmes/circle/", "nothing/at/all/"])
    def test_sends_staff_without_a_second_factor_to_set_one_up(self, nele: Person, path: str) -> None:
        client = signed_in(nele)

        answer = client.get(f"/admin/{path}", follow=True)

        assert answer.redirect_chain[-1][0].startswith("/accounts/")
        assert "totp" in answer.redirect_chain[-1][0] or "reauthenticate" in answer.redirect_chain[-1][0]

    @pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.BUDDY])
    def test_never_opens_to_participants_and_buddies(self, fatima: Person, nele: Person, role: Role) -> None:
        with_second_factor(nele)
        somebody = make_person(role=role)
        client = with_second_factor(somebody)

        for path in ("", "accounts/person/", f"accounts/person/{somebody.id}/change/", "programmes/circle/", "login/"):
            answer = client.get(f"/admin/{path}", follow=True)
            assert answer.status_code in {403, 404}, path
            assert str(fatima.id) not in answer.content.decode()
        assert client.post(f"/admin/accounts/person/{fatima.id}/invite/", follow=True).status_code in {403, 404}
        assert not Invite.objects.exists()

    def test_takes_no_token_of_a_device(self, nele: Person) -> None:
        """A phone that is lent out is no way into the back office, even a coordinator's."""
        with_second_factor(nele)
        _, token = make_device(person=nele)

        answer = Client().get(
            "/admin/", headers={"Authorization": f"Bearer {token}", "Cookie": f"__Host-maatje={token}; __Host-maatje-who=1"}
        )

        assert answer.status_code == 302
        assert Device.objects.count() == 1
