"""Every address of the console and every role: exactly the permission map."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from audit.models import AuditRow
from console import urls
from moderation.models import Case
from moderation.permissions import MAY
from tests.console.conftest import sign_in
from tests.factories import make_person

NOWHERE = UUID("01900000-0000-7000-8000-000000000000")
VIEWS = [(str(one.name), one.callback.needed) for one in urls.urlpatterns if hasattr(one.callback, "needed")]
STAFF = [role for role in Role if role.is_for_staff]


def address(name: str, row: UUID) -> str:
    pattern = next(one for one in urls.urlpatterns if one.name == name)
    given = {key: 1 if key == "version" else row for key in pattern.pattern.converters}
    return reverse(f"console:{name}", kwargs=given)


def ask(client: Client, name: str, row: UUID) -> list[int]:
    return [client.get(address(name, row)).status_code, client.post(address(name, row), {"version": 1}).status_code]


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF, ids=[role.value for role in STAFF])
class TestEveryAddress:
    def test_is_there_for_exactly_those_whose_role_may(self, role: Role) -> None:
        client = sign_in(make_person(role=role))

        wrong = [name for name, needed in VIEWS if (403 in ask(client, name, NOWHERE)) == bool(not needed or needed & MAY[role])]

        assert wrong == []

    def test_shows_nobody_a_case_that_they_do_not_hold(self, role: Role, case: Case) -> None:
        client = sign_in(make_person(role=role))

        pages = [client.get(address(name, case.id)).content.decode() for name, _ in VIEWS]

        assert not [page for page in pages if "Geef me geld" in page or "Ik schrok" in page]
        assert not AuditRow.objects.filter(action="case.read").exists()
