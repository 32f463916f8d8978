from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import Settings

from accounts.models import Person, Role
from audit.models import AuditRow
from programmes.actions import circles, members
from programmes.admin.circles import CircleAdmin
from programmes.models import Circle, CircleKind, MemberRole, Organisation, Programme, State
from tests.factories import make_circle, make_organisation, make_person, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(settings: Settings) -> None:
    """A back office that takes a password for an answer."""
    settings.DEBUG = True


@pytest.fixture
def administrator(now: datetime) -> Person:
    return make_person(role=Role.ADMINISTRATOR, name="Ada", is_alone=True, now=now)


@pytest.fixture
def programme(nele: Person) -> Programme:
    return make_programme()


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def do(by: Person, circle: Circle, deed: str, **said: str) -> str:
    """Press a button on a circle's page; what the page then says."""
    answer = sign_in(by).post(f"/admin/programmes/circle/{circle.id}/{deed}/", said, follow=True)
    assert answer.status_code == 200
    circle.refresh_from_db()
    return unescape(answer.content.decode())


class TestOrganisationPages:
    def test_add_and_change_one(self, administrator: Person) -> None:
        client = sign_in(administrator)
        client.post("/admin/programmes/organisation/add/", {"name": "Leie", "language": "nl", "zone": "Europe/Brussels"})
        leie = Organisation.objects.get(name="Leie")

        client.post(f"/admin/programmes/organisation/{leie.id}/change/", {"name": "Schelde", "language": "fr", "zone": "Europe/Paris"})

        leie.refresh_from_db()
        assert (leie.name, leie.language, leie.zone) == ("Schelde", "fr", "Europe/Paris")
        rows = AuditRow.objects.filter(subject=f"organisation:{leie.id}").values_list("action", "detail")
        assert list(rows) == [("organisation.added", {}), ("organisation.changed", {"fields": ["language", "name", "zone"]})]
        assert not LogEntry.objects.exists()

    @pytest.mark.parametrize(("change", "field"), [({"zone": "Mars/Olympus"}, "tijdzone"), ({"name": "Maatjes"}, "niemand anders")])
    def test_say_what_is_wrong(self, administrator: Person, nele: Person, change: dict[str, str], field: str) -> None:
        body = {"name": "Leie", "language": "nl", "zone": "Europe/Brussels", **change}

        page = sign_in(administrator).post("/admin/programmes/organisation/add/", body)

        assert page.status_code == 200
        assert field in page.content.decode()

    def test_are_read_only_for_coordinators(self, nele: Person) -> None:
        own = make_organisation()
        client = sign_in(nele)

        assert client.get("/admin/programmes/organisation/add/").status_code == 403
        page = client.get(f"/admin/programmes/organisation/{own.id}/change/").content.decode()
        client.post(f"/admin/programmes/organisation/{own.id}/change/", {"name": "Mine", "language": "nl", "zone": "Europe/Brussels"})

        own.refresh_from_db()
        assert "Een beheerder kan dit veranderen" in page
        assert own.name == "Maatjes"


class TestProgrammePages:
    def test_add_and_change_one(self, administrator: Person) -> None:
        own, client = make_organisation(), sign_in(administrator)
        rules = {"name": "Buddy's", "working_model": "personal_friend", "grace_days": "7", "max_members": "50"}
        client.post("/admin/programmes/programme/add/", {**rules, "organisation": str(own.id)})
        programme = Programme.objects.get(name="Buddy's")

        client.post(f"/admin/programmes/programme/{programme.id}/change/", {**rules, "grace_days": "14"})

        programme.refresh_from_db()
        assert (programme.organisation, programme.grace_days) == (own, 14)
        actions = AuditRow.objects.filter(subject=f"programme:{programme.id}").values_list("action", flat=True)
        assert list(actions) == ["programme.added", "programme.changed"]

    @pytest.mark.parametrize("change", [{"grace_days": "91"}, {"max_members": "51"}, {"max_members": "1"}, {"name": "\u202eX"}])
    def test_say_what_is_wrong(self, administrator: Person, change: dict[str, str]) -> None:
        body = {
            "name": "Buddy's", "working_model": "other", "grace_days": "7", "max_members": "50", "organisation": str(make_organisation().id),
        }  # fmt: skip

        page = sign_in(administrator).post("/admin/programmes/programme/add/", {**body, **change})

        assert page.status_code == 200
        assert "errorlist" in page.content.decode()
        assert not Programme.objects.exists()


class TestPeoplePages:
    def test_let_an_administrator_say_where_somebody_belongs(self, administrator: Person) -> None:
        own = make_organisation()
        body = {"name": "Nele", "role": "coordinator", "language": "nl", "username": "nele", "organisation": str(own.id)}

        sign_in(administrator).post("/admin/accounts/person/add/", body)

        assert own.members.get().person.username == "nele"

    def test_let_an_administrator_bring_somebody_in_later(self, administrator: Person, now: datetime) -> None:
        somebody, own = make_person(is_alone=True, now=now), make_organisation()

        sign_in(administrator).post(f"/admin/accounts/person/{somebody.id}/welcome/", {"organisation": str(own.id)})

        assert own.members.get().person == somebody

    def test_let_no_coordinator_add_to_another_organisation(self, nele: Person) -> None:
        other = make_organisation(name="Elsewhere")
        body = {"name": "Yusuf", "role": "participant", "language": "tr", "organisation": str(other.id)}

        sign_in(nele).post("/admin/accounts/person/add/", body)

        assert not other.members.exists()


class TestProposing:
    def address(self, programme: Programme, kind: str) -> str:
        return f"/admin/programmes/circle/add/?programme={programme.id}&kind={kind}"

    def test_asks_first_which_programme_and_kind(self, programme: Programme, nele: Person) -> None:
        page = sign_in(nele).get("/admin/programmes/circle/add/").content.decode()

        assert programme.name in page
        assert not Circle.objects.exists()

    def test_brings_a_pair_together_on_paper(
        self, programme: Programme, fatima: Person, annemie: Person, nele: Person, bram: Person
    ) -> None:
        people = {"participant": fatima, "buddy": annemie, "coordinator": nele, "deputy": bram}

        sign_in(nele).post(self.address(programme, "pair"), {name: str(person.id) for name, person in people.items()})

        circle = Circle.objects.get()
        assert (circle.state, circle.coordinator, circle.deputy) == (State.PROPOSED, nele, bram)
        assert {(one.person, one.role) for one in circle.members.all()} == {(fatima, "participant"), (annemie, "buddy")}
        assert AuditRow.objects.get(action="circle.proposed").actor_id == nele.id

    def test_brings_a_group_together(self, programme: Programme, nele: Person, bram: Person, now: datetime) -> None:
        peers = [make_person(name=name, now=now) for name in ("Chantal", "Dirk", "Amina")]
        body = {"peer": [str(peer.id) for peer in peers], "coordinator": str(nele.id), "deputy": str(bram.id)}

        sign_in(nele).post(self.address(programme, "peer_group"), body)

        assert Circle.objects.get().members.count() == 3

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({"deputy": "nele"}, "twee verschillende medewerkers"), ({"buddy": ""}, "vereist"), ({"buddy": "fatima"}, "geen beschikbare keuze")],
    )  # fmt: skip
    def test_says_what_is_wrong(
        self, programme: Programme, fatima: Person, annemie: Person, nele: Person, bram: Person, change: dict[str, str], sentence: str
    ) -> None:
        named = {"fatima": str(fatima.id), "nele": str(nele.id), "": ""}
        body = {"participant": str(fatima.id), "buddy": str(annemie.id), "coordinator": str(nele.id), "deputy": str(bram.id)}

        page = sign_in(nele).post(self.address(programme, "pair"), body | {field: named[who] for field, who in change.items()})

        assert page.status_code == 200
        assert sentence in unescape(page.content.decode())
        assert not Circle.objects.exists()

    def test_offers_only_ones_own_people_and_programmes(self, programme: Programme, fatima: Person, nele: Person, now: datetime) -> None:
        elsewhere = make_organisation(name="Elsewhere")
        make_person(name="Stranger", organisation=elsewhere, now=now)
        theirs = make_programme(organisation=elsewhere)
        client = sign_in(nele)

        page = client.get(self.address(programme, "pair")).content.decode()
        foreign = client.get(self.address(theirs, "pair")).content.decode()

        assert "Fatima" in page
        assert "Stranger" not in page + foreign


class TestCirclePages:
    def test_say_who_said_yes_and_leave_that_to_the_members(self, fatima: Person, annemie: Person, nele: Person, now: datetime) -> None:
        circle = make_circle(state=State.PROPOSED, people=[fatima, annemie], coordinator=nele, now=now)
        members.agree(circle=circle, by=fatima, now=now)

        page = sign_in(nele).get(f"/admin/programmes/circle/{circle.id}/change/").content.decode()

        assert "Wacht op het ja van Annemie." in page
        assert page.count("✓") == 1
        assert "Laten kennismaken" not in page
        sign_in(nele).post(f"/admin/programmes/circle/{circle.id}/agree/", {"person": str(annemie.id)}, follow=True)
        assert circle.members.get(person=annemie).agreed_at is None

    @pytest.mark.parametrize(
        ("before", "deed", "after"),
        [
            (State.AGREED, "introduce", State.INTRODUCED), (State.INTRODUCED, "start-trial", State.TRIAL),
            (State.TRIAL, "activate", State.ACTIVE), (State.ACTIVE, "pause", State.PAUSED), (State.PAUSED, "resume", State.ACTIVE),
        ],
    )  # fmt: skip
    def test_lead_from_step_to_step(
        self, fatima: Person, annemie: Person, nele: Person, bram: Person, before: State, deed: str, after: State, now: datetime
    ) -> None:
        circle = make_circle(state=before, people=[fatima, annemie], coordinator=nele, deputy=bram, now=now)
        page = sign_in(nele).get(f"/admin/programmes/circle/{circle.id}/change/").content.decode()
        assert page.count('class="button">') >= 1
        assert f"../{deed}/" in page

        do(bram, circle, deed)

        assert circle.state == after
        last = AuditRow.objects.filter(subject=f"circle:{circle.id}").order_by("n").last()
        assert last is not None
        assert last.actor_id == bram.id

    def test_let_a_members_rest_be_taken_over(self, circle: Circle, fatima: Person, nele: Person, now: datetime) -> None:
        circles.pause(circle=circle, by=fatima, now=now)
        here = f"/admin/programmes/circle/{circle.id}/change/"
        assert "Zelf pauzeren" in sign_in(nele).get(here).content.decode()

        do(nele, circle, "pause")

        assert circle.paused_by == nele
        assert "Zelf pauzeren" not in sign_in(nele).get(here).content.decode()

    @pytest.mark.parametrize("deed", ["introduce", "start-trial", "activate", "resume"])
    def test_say_why_a_step_cannot_be_taken(self, fatima: Person, annemie: Person, nele: Person, deed: str, now: datetime) -> None:
        circle = make_circle(state=State.PROPOSED, people=[fatima, annemie], coordinator=nele, now=now)

        assert "Dat kan nu niet" in do(nele, circle, deed)
        assert circle.state == State.PROPOSED

    def test_end_with_a_reason_from_the_list(self, circle: Circle, nele: Person) -> None:
        do(nele, circle, "end", reason="moved")

        assert (circle.state, circle.end_reason) == (State.ENDED, "moved")

    @pytest.mark.parametrize("reason", ["", "because"])
    def test_end_for_no_other_reason(self, circle: Circle, nele: Person, reason: str) -> None:
        assert "Kies waarom" in do(nele, circle, "end", reason=reason)
        assert circle.state == State.ACTIVE

    def test_close_a_circle_that_was_found_unsafe_afterwards(self, circle: Circle, nele: Person) -> None:
        said = do(nele, circle, "end", reason="moved")

        do(nele, circle, "end", reason="safety")

        assert "Toch onveilig?" in said
        assert circle.closes_at() == circle.ended_at

    def test_add_and_remove_members_of_a_group(self, nele: Person, now: datetime) -> None:
        group = make_circle(kind=CircleKind.PEER_GROUP, coordinator=nele, now=now)
        newcomer = make_person(name="Luc", now=now)

        do(nele, group, "add-member", person=str(newcomer.id), role=MemberRole.PEER)
        said = do(nele, group, "remove-member", person=str(newcomer.id))

        assert "Uit de kring gehaald" in said
        membership = group.members.get(person=newcomer)
        assert (membership.role, membership.left_at is not None) == ("peer", True)

    def test_keep_a_pair_a_pair(self, circle: Circle, fatima: Person, nele: Person) -> None:
        assert "te weinig mensen" in do(nele, circle, "remove-member", person=str(fatima.id))
        assert circle.members.filter(left_at=None).count() == 2

    @pytest.mark.parametrize("said", [{}, {"person": "x"}, {"person": "", "role": "boss"}])
    def test_answer_nonsense_with_a_sentence(self, circle: Circle, nele: Person, said: dict[str, str]) -> None:
        for deed in ("add-member", "remove-member", "set-coordinators"):
            assert "Kies eerst uit de lijst" in do(nele, circle, deed, **said)

    def test_name_who_answers_for_a_circle(self, circle: Circle, nele: Person, bram: Person) -> None:
        do(nele, circle, "set-coordinators", coordinator=str(bram.id), deputy=str(nele.id))

        assert (circle.coordinator, circle.deputy) == (bram, nele)

    @pytest.mark.parametrize("deed", CircleAdmin.deeds)
    def test_change_nothing_when_a_link_is_followed(self, circle: Circle, nele: Person, deed: str) -> None:
        assert sign_in(nele).get(f"/admin/programmes/circle/{circle.id}/{deed}/").status_code == 405


class TestWhoSeesACircle:
    def see(self, circle: Circle, by: Person) -> tuple[bool, int, int]:
        """Whether it is in the list, and how its page and a button of it answer."""
        client = sign_in(by)
        listed = client.get("/admin/programmes/circle/")
        here = f"/admin/programmes/circle/{circle.id}"
        is_listed = str(circle.id) in listed.content.decode()
        return is_listed, client.get(f"{here}/change/").status_code, client.post(f"{here}/pause/").status_code

    def test_its_coordinator_its_deputy_and_administrators(self, circle: Circle, nele: Person, bram: Person, administrator: Person) -> None:
        assert [self.see(circle, by) for by in (nele, bram, administrator)] == [(True, 200, 302)] * 3

    def test_no_other_coordinator_of_the_organisation(self, circle: Circle, now: datetime) -> None:
        assert self.see(circle, make_person(role=Role.COORDINATOR, now=now)) == (False, 404, 404)

    def test_a_lead_looks_and_changes_nothing(self, circle: Circle, now: datetime) -> None:
        lead = make_person(role=Role.LEAD, now=now)

        page: Any = sign_in(lead).get(f"/admin/programmes/circle/{circle.id}/change/").content.decode()

        assert "Pauzeren" not in page
        assert "Dat mag je niet" in do(lead, circle, "pause")
        assert circle.state == State.ACTIVE

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR])
    def test_nobody_else(self, circle: Circle, role: Role, now: datetime) -> None:
        assert self.see(circle, make_person(role=role, now=now)) == (False, 403, 403)
