from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.actions import people
from accounts.models import Person, Role
from console import gate, urls
from core import clock
from moderation.permissions import Permission
from tests.console.conftest import sign_in
from tests.factories import make_person

OPEN = {"file"}  # the style and the script, which show nothing of anybody


def patterns(found: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


class TestTheGate:
    def test_sends_strangers_to_sign_in_and_back_to_where_they_wanted_to_be(self, client: Client, db: None) -> None:
        answer = client.get("/console/keys/")

        assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/console/keys/")

    def test_sends_who_has_no_second_factor_to_set_one_up(self, karim: Person) -> None:
        client = Client()
        client.force_login(karim, backend="django.contrib.auth.backends.ModelBackend")

        assert client.get("/console/")["Location"] == "/accounts/2fa/totp/activate/"

    def test_sends_who_has_a_first_password_to_choose_their_own(self, office: Client, karim: Person) -> None:
        Person.objects.filter(id=karim.id).update(password_until=clock.now() + timedelta(days=1))

        assert office.get("/console/")["Location"] == "/accounts/password/change/"

    def test_closes_at_once_for_who_is_suspended(self, office: Client, karim: Person) -> None:
        people.suspend(person=karim, by=None, now=clock.now())

        assert office.get("/console/").status_code == 403

    @pytest.mark.parametrize("role", [role for role in Role if role.is_for_staff])
    def test_lets_every_role_of_the_staff_see_the_first_page(self, role: Role, db: None) -> None:
        client = sign_in(make_person(role=role))

        assert client.get("/console/").status_code == 200

    def test_sends_the_whole_page_to_the_sign_in_when_a_fragment_finds_nobody(self, client: Client, db: None) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/console/keys/"}

        answer = client.get("/console/", headers=headers)

        assert answer["HX-Redirect"] == "/accounts/login/?next=/console/keys/"

    def test_leads_to_no_other_site(self, client: Client, db: None) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver//evil.example/"}

        assert "evil" not in client.get("/console/", headers=headers)["HX-Redirect"]

    def test_refuses_who_may_do_nothing_of_what_a_page_is_for(self, karim: Person, rf: RequestFactory) -> None:
        sign_in(karim)
        request = rf.get("/console/")
        request.user = karim

        @gate.needs(Permission.CHANGE_RULES)
        def rules(request: HttpRequest) -> HttpResponse:
            raise AssertionError

        answer = rules(request)

        assert answer.status_code == 403
        assert isinstance(answer, HttpResponse) and b"Dat mag jij hier niet" in answer.content

    def test_keeps_pages_out_of_every_cache_and_says_where_forms_come_from(self, office: Client) -> None:
        answer = office.get("/console/")

        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"


class TestEveryView:
    def test_says_what_it_needs(self) -> None:
        assert not [one.name for one in patterns(urls.urlpatterns) if one.name not in OPEN and not hasattr(one.callback, "needed")]

    def test_is_below_one_address(self) -> None:
        found = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and one.app_name == "console"]

        assert [str(one.pattern) for one in found] == ["console/"]
