"""The roster is kept by leads and administrators; everybody says themselves when they are away."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from accounts.models import Person, Role
from audit.models import AuditRow
from core.errors import Forbidden, NotFound
from moderation.actions import shifts
from moderation.errors import AbsenceUnfit, ShiftUnfit
from moderation.models import Absence, Shift
from programmes.models import Organisation
from tests.conftest import Clock
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 9)


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation()


@pytest.fixture
def lien() -> Person:
    return make_person(role=Role.LEAD)


@pytest.fixture
def karim() -> Person:
    return make_person(role=Role.MODERATOR)


def add(organisation: Organisation, person: Person, by: Person, clock: Clock, *, weekday: int = 0) -> Shift:
    return shifts.add(
        organisation=organisation, person=person, weekday=weekday, begins=time(9), ends=time(17), on_call=False, by=by, now=clock()
    )


class TestShifts:
    def test_are_kept_with_a_row_in_the_audit_log(self, organisation: Organisation, karim: Person, lien: Person, clock: Clock) -> None:
        shift = add(organisation, karim, lien, clock)
        shifts.remove(shift.id, by=lien, now=clock())

        assert list(AuditRow.objects.filter(subject=f"person:{karim.id}", action__startswith="roster.").values_list("action", flat=True)) == [
            "roster.shift_added", "roster.shift_removed",
        ]  # fmt: skip

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.COORDINATOR, Role.REVIEWER, Role.AUDITOR])
    def test_are_no_work_of_other_roles(self, organisation: Organisation, karim: Person, role: Role, clock: Clock) -> None:
        with pytest.raises(Forbidden):
            add(organisation, karim, make_person(role=role), clock)

    def test_are_of_ones_own_organisation(self, organisation: Organisation, karim: Person, lien: Person, clock: Clock) -> None:
        stranger = make_person(role=Role.LEAD, organisation=make_organisation(name="Anderen"))
        shift = add(organisation, karim, lien, clock)

        with pytest.raises(NotFound):
            add(organisation, karim, stranger, clock, weekday=1)
        with pytest.raises(NotFound):
            shifts.remove(shift.id, by=stranger, now=clock())
        with pytest.raises(NotFound):
            shifts.remove(uuid4(), by=lien, now=clock())

    def test_are_for_staff(self, organisation: Organisation, lien: Person, annemie: Person, clock: Clock) -> None:
        with pytest.raises(ShiftUnfit):
            add(organisation, annemie, lien, clock)

    def test_are_there_once(self, organisation: Organisation, karim: Person, lien: Person, clock: Clock) -> None:
        add(organisation, karim, lien, clock)

        with pytest.raises(ShiftUnfit):
            add(organisation, karim, lien, clock)

    def test_are_on_one_of_seven_days(self, organisation: Organisation, karim: Person, lien: Person, clock: Clock) -> None:
        with pytest.raises(ShiftUnfit):
            add(organisation, karim, lien, clock, weekday=7)


class TestAbsences:
    def test_anybody_says_so_themselves(self, karim: Person, lien: Person, clock: Clock) -> None:
        absence = shifts.be_away(person=karim, stand_in=lien, first=DAY, last=DAY, by=karim, now=clock())
        shifts.come_back(absence.id, by=karim, now=clock())

        assert not Absence.objects.exists()

    def test_others_ask_who_keeps_the_roster(self, karim: Person, lien: Person, clock: Clock) -> None:
        noor = make_person(role=Role.MODERATOR)

        with pytest.raises(Forbidden):
            shifts.be_away(person=karim, stand_in=None, first=DAY, last=DAY, by=noor, now=clock())
        assert shifts.be_away(person=karim, stand_in=None, first=DAY, last=DAY, by=lien, now=clock()).person == karim

    def test_who_is_of_another_organisation_finds_nobody(self, karim: Person, clock: Clock) -> None:
        stranger = make_person(role=Role.LEAD, organisation=make_organisation(name="Anderen"))

        with pytest.raises(NotFound):
            shifts.be_away(person=karim, stand_in=None, first=DAY, last=DAY, by=stranger, now=clock())

    @pytest.mark.parametrize("days", [-1, 366, 100_000], ids=["backwards", "too-long", "a-life"])
    def test_end_after_they_begin_and_within_a_year(self, karim: Person, days: int, clock: Clock) -> None:
        with pytest.raises(AbsenceUnfit):
            shifts.be_away(person=karim, stand_in=None, first=DAY, last=DAY + timedelta(days=days), by=karim, now=clock())

    def test_nobody_stands_in_for_themselves(self, karim: Person, annemie: Person, clock: Clock) -> None:
        for stand_in in (karim, annemie):
            with pytest.raises(AbsenceUnfit):
                shifts.be_away(person=karim, stand_in=stand_in, first=DAY, last=DAY, by=karim, now=clock())
