from datetime import datetime

import pytest

from accounts.actions import invites, people
from accounts.errors import PhoneTaken, UsernameTaken
from accounts.models import Invite, Person, Role
from audit.models import AuditRow
from core.errors import Forbidden, Invalid
from privacy.blind_index import blind_index
from tests.factories import make_organisation, make_person


class TestAdd:
    def test_leaves_no_name_or_number_in_the_clear(self, fatima: Person) -> None:
        stored = repr(Person.objects.filter(id=fatima.id).values().get())

        assert "Fatima" not in stored
        assert "470123456" not in stored
        assert (fatima.name, fatima.phone) == ("Fatima", "+32470123456")

    def test_says_role_and_the_end_of_the_id_where_others_would_say_the_name(self, fatima: Person) -> None:
        assert str(fatima) == f"participant {str(fatima.id)[-6:]}"

    def test_finds_a_number_however_it_is_typed(self, fatima: Person) -> None:
        assert Person.objects.get(phone_index=blind_index("phone", "+32470123456")) == fatima

    def test_a_number_is_of_one_person(self, fatima: Person, nele: Person, now: datetime) -> None:
        with pytest.raises(PhoneTaken):
            people.add(role=Role.BUDDY, name="Karel", phone="+32470123456", by=nele, now=now)

    def test_participants_hide_read_marks_until_they_choose_otherwise(self, fatima: Person, annemie: Person) -> None:
        assert not fatima.shows_read_marks
        assert annemie.shows_read_marks

    def test_gives_no_password_to_anybody(self, fatima: Person, nele: Person) -> None:
        assert not fatima.has_usable_password()
        assert not nele.has_usable_password()
        assert nele.is_staff
        assert not nele.is_superuser

    def test_lets_coordinators_add_no_staff(self, nele: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            people.add(role=Role.COORDINATOR, name="Bram", username="bram", by=nele, now=now)

    def test_wants_a_free_username_for_staff(self, nele: Person, administrator: Person, now: datetime) -> None:
        with pytest.raises(Invalid):
            people.add(role=Role.MODERATOR, name="Mo", by=administrator, now=now)
        with pytest.raises(UsernameTaken):
            people.add(role=Role.MODERATOR, name="Mo", username=nele.username, by=administrator, now=now)

    def test_writes_no_name_into_the_audit_log(self, nele: Person, now: datetime) -> None:
        people.add(role=Role.PARTICIPANT, name="Yusuf", by=nele, now=now)

        row = AuditRow.objects.last()
        assert row is not None
        assert row.action == "person.added"
        assert "Yusuf" not in repr(row.detail)


class TestUpdateSettings:
    def test_changes_what_is_given_and_leaves_the_rest(self, fatima: Person, now: datetime) -> None:
        people.update_settings(person=fatima, by=fatima, now=now, name="Fatima B.", shows_read_marks=True)

        fatima.refresh_from_db()
        assert (fatima.name, fatima.shows_read_marks, fatima.language) == ("Fatima B.", True, "nl")

    def test_writes_nothing_when_nothing_changes(self, fatima: Person, now: datetime) -> None:
        rows = AuditRow.objects.count()

        people.update_settings(person=fatima, by=fatima, now=now, name="Fatima", zone="Europe/Brussels")

        assert AuditRow.objects.count() == rows

    def test_refuses_a_zone_that_is_not_on_the_map(self, fatima: Person, now: datetime) -> None:
        with pytest.raises(Invalid):
            people.update_settings(person=fatima, by=fatima, now=now, zone="Europe/Ghent")

    @pytest.mark.parametrize("budget", [0, -1, 99_999, 10_000_000_001])
    def test_refuses_a_limit_that_cannot_be_kept(self, fatima: Person, now: datetime, budget: int) -> None:
        with pytest.raises(Invalid) as refused:
            people.update_settings(person=fatima, by=fatima, now=now, data_budget=budget)

        assert list(refused.value.facts["problems"]) == ["data_budget"]

    def test_tells_a_limit_that_is_lifted_from_one_that_is_not_spoken_of(self, fatima: Person, now: datetime) -> None:
        people.update_settings(person=fatima, by=fatima, now=now, data_budget=100_000)

        kept = people.update_settings(person=fatima, by=fatima, now=now, low_data=True).data_budget
        lifted = people.update_settings(person=fatima, by=fatima, now=now, data_budget=None).data_budget

        assert (kept, lifted) == (100_000, None)

    def test_is_nobody_elses_business(self, fatima: Person, annemie: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            people.update_settings(person=fatima, by=annemie, now=now, name="Silly")


class TestSuspend:
    def test_raises_the_access_version_once(self, fatima: Person, nele: Person, now: datetime) -> None:
        for _ in range(2):
            people.suspend(person=fatima, by=nele, now=now)

        fatima.refresh_from_db()
        assert fatima.access_version == 1

    def test_ends_the_invites_that_were_open(self, fatima: Person, nele: Person, now: datetime) -> None:
        invites.make(person=fatima, by=nele, now=now)

        people.suspend(person=fatima, by=nele, now=now)

        assert not Invite.objects.usable(now=now).exists()

    def test_nobody_suspends_themselves(self, administrator: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            people.suspend(person=administrator, by=administrator, now=now)

    def test_coordinators_suspend_no_colleague(self, nele: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            people.suspend(person=make_person(role=Role.COORDINATOR, now=now), by=nele, now=now)

    def test_coordinators_suspend_nobody_of_another_organisation(self, nele: Person, now: datetime) -> None:
        stranger = make_person(organisation=make_organisation(name="Elsewhere"), now=now)

        with pytest.raises(Forbidden):
            people.suspend(person=stranger, by=nele, now=now)

        stranger.refresh_from_db()
        assert (stranger.suspended_at, stranger.access_version) == (None, 0)


class TestChangingANumber:
    def test_takes_it_away_when_it_is_empty(self, fatima: Person, nele: Person, now: datetime) -> None:
        people.update_settings(person=fatima, phone="", by=nele, now=now)

        fatima.refresh_from_db()
        assert (fatima.phone, fatima.phone_index) == (None, None)

    def test_is_no_change_when_it_is_the_same(self, fatima: Person, nele: Person, now: datetime) -> None:
        people.update_settings(person=fatima, phone="+32 470 12 34 56", by=nele, now=now)

        assert not AuditRow.objects.filter(action="person.changed").exists()

    def test_is_not_for_coordinators_elsewhere(self, fatima: Person, now: datetime) -> None:
        stranger = make_person(role=Role.COORDINATOR, organisation=make_organisation(name="Elsewhere"), now=now)

        with pytest.raises(Forbidden):
            people.update_settings(person=fatima, name="Mallory", by=stranger, now=now)

        fatima.refresh_from_db()
        assert fatima.name == "Fatima"


class TestLookingAgain:
    def test_lets_a_reviewer_lift_a_suspension_and_nothing_else(self, fatima: Person, nele: Person, now: datetime) -> None:
        rosa = make_person(role=Role.REVIEWER, now=now)
        with pytest.raises(Forbidden):
            people.suspend(person=fatima, by=rosa, now=now)
        people.suspend(person=fatima, by=nele, now=now)

        assert people.unsuspend(person=fatima, by=rosa, now=now).suspended_at is None
