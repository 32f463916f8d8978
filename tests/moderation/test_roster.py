"""Who is there, now or next."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import people
from accounts.models import Role
from moderation import roster
from programmes.models import Organisation
from tests.factories import make_organisation, make_person
from tests.moderation.duty import make_absence, make_shift

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation()


class TestOnDuty:
    def test_is_who_has_a_shift_now(self, organisation: Organisation) -> None:
        karim, lien = make_person(role=Role.MODERATOR), make_person(role=Role.LEAD)
        make_shift(karim)
        make_shift(lien, weekday=1)

        assert roster.on_duty(organisation.id, now=MONDAY_NOON).at_work == (karim.id,)

    def test_tells_who_answers_the_telephone(self, organisation: Organisation) -> None:
        lien = make_person(role=Role.LEAD)
        make_shift(lien, on_call=True)

        there = roster.on_duty(organisation.id, now=MONDAY_NOON)

        assert (there.at_work, there.on_call) == ((), (lien.id,))

    def test_counts_on_the_organisations_clock(self, organisation: Organisation) -> None:
        make_shift(make_person(role=Role.MODERATOR), begins="09:00", ends="12:30")

        assert roster.on_duty(organisation.id, now=MONDAY_NOON)
        assert not roster.on_duty(organisation.id, now=MONDAY_NOON + timedelta(minutes=30))

    def test_a_night_goes_on_after_midnight(self, organisation: Organisation) -> None:
        make_shift(make_person(role=Role.LEAD), begins="20:00", ends="08:00", on_call=True)

        assert roster.on_duty(organisation.id, now=datetime(2026, 3, 3, 5, 0, tzinfo=UTC))
        assert not roster.on_duty(organisation.id, now=datetime(2026, 3, 3, 8, 0, tzinfo=UTC))

    def test_has_the_stand_in_of_who_is_away(self, organisation: Organisation) -> None:
        karim, noor = make_person(role=Role.MODERATOR), make_person(role=Role.MODERATOR)
        make_shift(karim)
        make_absence(karim, on=MONDAY_NOON, stand_in=noor)

        assert roster.on_duty(organisation.id, now=MONDAY_NOON).at_work == (noor.id,)

    def test_is_nobody_where_stand_ins_stand_in_for_each_other(self, organisation: Organisation) -> None:
        karim, noor = make_person(role=Role.MODERATOR), make_person(role=Role.MODERATOR)
        make_shift(karim)
        make_absence(karim, on=MONDAY_NOON, stand_in=noor)
        make_absence(noor, on=MONDAY_NOON, stand_in=karim)

        assert not roster.on_duty(organisation.id, now=MONDAY_NOON)

    def test_leaves_out_who_was_suspended(self, organisation: Organisation) -> None:
        karim = make_person(role=Role.MODERATOR)
        make_shift(karim)
        people.suspend(person=karim, by=None, now=MONDAY_NOON)

        assert not roster.on_duty(organisation.id, now=MONDAY_NOON)

    def test_is_nobody_on_an_empty_roster(self, organisation: Organisation) -> None:
        assert not roster.on_duty(organisation.id, now=MONDAY_NOON)

    def test_knows_nobody_of_another_organisation(self, organisation: Organisation) -> None:
        others = make_organisation(name="Anderen")
        make_shift(make_person(role=Role.MODERATOR, organisation=others), organisation=others)

        assert not roster.on_duty(organisation.id, now=MONDAY_NOON)


class TestAtWorkFrom:
    def test_is_now_while_somebody_is_there(self, organisation: Organisation) -> None:
        make_shift(make_person(role=Role.MODERATOR))

        assert roster.at_work_from(organisation.id, now=MONDAY_NOON) == MONDAY_NOON

    def test_is_the_next_shift(self, organisation: Organisation) -> None:
        make_shift(make_person(role=Role.MODERATOR), weekday=2)

        assert roster.at_work_from(organisation.id, now=MONDAY_NOON) == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)

    def test_does_not_count_who_is_on_call(self, organisation: Organisation) -> None:
        make_shift(make_person(role=Role.LEAD), on_call=True)
        make_shift(make_person(role=Role.MODERATOR), weekday=1)

        assert roster.at_work_from(organisation.id, now=MONDAY_NOON) == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)

    def test_is_an_offices_hours_without_a_roster(self, organisation: Organisation) -> None:
        friday_night = datetime(2026, 3, 6, 20, 0, tzinfo=UTC)

        assert roster.at_work_from(organisation.id, now=friday_night) == datetime(2026, 3, 9, 8, 0, tzinfo=UTC)

    def test_is_a_week_away_at_most(self, organisation: Organisation) -> None:
        karim = make_person(role=Role.MODERATOR)
        make_shift(karim)
        people.suspend(person=karim, by=None, now=MONDAY_NOON)

        assert roster.at_work_from(organisation.id, now=MONDAY_NOON) == MONDAY_NOON + timedelta(days=8)


class TestAdministrators:
    def test_are_those_of_the_organisation_and_of_none(self, organisation: Organisation) -> None:
        ours, of_none = make_person(role=Role.ADMINISTRATOR), make_person(role=Role.ADMINISTRATOR, is_alone=True)
        make_person(role=Role.ADMINISTRATOR, organisation=make_organisation(name="Anderen"))

        assert set(roster.administrators(organisation.id)) == {ours, of_none}
