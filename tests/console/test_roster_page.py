"""The roster: seen by all who keep one, changed by leads and administrators."""

import pytest
from django.test import Client

from accounts.models import Person, Role
from moderation.models import Absence, Shift
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.duty import make_absence, make_shift
from tests.notifications.post import make_address

ROSTER = "/console/roster/"
SHIFT = {"weekday": "0", "begins": "09:00", "ends": "17:00"}


@pytest.fixture
def lead(greet: Person) -> Client:
    return sign_in(greet)


class TestTheWeek:
    def test_says_who_is_there_now(self, office: Client, karim: Person, clock: Clock) -> None:
        make_shift(karim)

        page = office.get(ROSTER).content.decode()

        assert f"Aan het werk: <strong>{karim.username}</strong>" in page

    def test_says_when_somebody_is_there_again(self, office: Client, karim: Person, clock: Clock) -> None:
        make_shift(karim, weekday=1)

        page = office.get(ROSTER).content.decode()

        assert "Niemand van dienst." in page and "vanaf dinsdag 3 maart, 09:00" in page.lower()

    def test_names_who_stands_in_it_and_cannot_be_called(self, office: Client, karim: Person, greet: Person, clock: Clock) -> None:
        make_shift(karim)
        make_shift(greet, on_call=True)
        make_address(greet, now=clock())

        page = office.get(ROSTER).content.decode()

        assert f"Niet op te roepen:</span> <strong>{karim.username}</strong>" in page

    def test_promises_nobody_where_nobody_stands_in_it(self, office: Client, karim: Person, clock: Clock) -> None:
        empty = office.get(ROSTER).content.decode()
        make_shift(karim, weekday=1, on_call=True)
        on_call = office.get(ROSTER).content.decode()

        assert "Er staat niemand in het rooster." in empty
        assert "weer iemand aan het werk" not in empty + on_call

    def test_offers_shifts_to_those_who_answer_somebody(self, lead: Client, karim: Person, nele: Person, clock: Clock) -> None:
        others = [make_person(role=role) for role in (Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR)]

        form = lead.get(ROSTER).content.decode().partition('id="add"')[2].partition("</form>")[0]

        assert [str(one.id) in form for one in (karim, nele, *others)] == [True, True, False, False, False]


class TestChangingIt:
    def test_adds_a_shift_and_takes_it_off(self, lead: Client, karim: Person, clock: Clock) -> None:
        added = lead.post(f"{ROSTER}shifts/", {**SHIFT, "person": karim.id})
        shift = Shift.objects.get()
        removed = lead.post(f"{ROSTER}shifts/{shift.id}/remove/")

        assert (added.status_code, removed.status_code, Shift.objects.count()) == (302, 302, 0)

    def test_keeps_what_was_typed_beside_the_refusal(self, lead: Client, karim: Person, clock: Clock) -> None:
        make_shift(karim)

        refused = lead.post(f"{ROSTER}shifts/", {**SHIFT, "person": karim.id})

        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()

    @pytest.mark.parametrize("wrong", [{"person": "x"}, {"weekday": "9"}, {"begins": "25:00"}, {}], ids=["who", "day", "hour", "nothing"])
    def test_refuses_what_makes_no_sense(self, lead: Client, karim: Person, wrong: dict[str, str], clock: Clock) -> None:
        asked = {**SHIFT, "person": str(karim.id), **wrong} if wrong else {}

        assert lead.post(f"{ROSTER}shifts/", asked).status_code == 422
        assert not Shift.objects.exists()

    def test_nobody_of_another_organisation_is_on_it(self, lead: Client, clock: Clock) -> None:
        stranger = make_person(role=Role.MODERATOR, organisation=make_organisation(name="Anderen"))

        assert lead.post(f"{ROSTER}shifts/", {**SHIFT, "person": stranger.id}).status_code == 422

    def test_a_moderator_changes_no_shift(self, office: Client, karim: Person, clock: Clock) -> None:
        assert office.post(f"{ROSTER}shifts/", {**SHIFT, "person": karim.id}).status_code == 403


class TestBeingAway:
    def test_anybody_says_so_for_themselves(self, office: Client, karim: Person, lena: Person, clock: Clock) -> None:
        office.post(f"{ROSTER}absences/", {"first": "2026-03-09", "last": "2026-03-13", "stand_in": lena.id})

        absence = Absence.objects.get()
        assert (absence.person, absence.stand_in) == (karim, lena)
        assert f"vervangen door <strong>{lena.username}</strong>" in office.get(ROSTER).content.decode()

    def test_for_others_it_takes_who_keeps_the_roster(self, office: Client, lena: Person, clock: Clock) -> None:
        refused = office.post(f"{ROSTER}absences/", {"person": lena.id, "first": "2026-03-09", "last": "2026-03-13"})

        assert refused.status_code == 422
        assert not Absence.objects.exists()

    def test_takes_it_back(self, office: Client, karim: Person, clock: Clock) -> None:
        absence = make_absence(karim, on=clock())

        office.post(f"{ROSTER}absences/{absence.id}/remove/")

        assert not Absence.objects.exists()
