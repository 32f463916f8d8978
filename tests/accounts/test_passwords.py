from datetime import datetime

import pytest

from accounts.actions import passwords, people, second_factors
from accounts.errors import PersonAbsent
from accounts.models import Person, Role
from audit.models import AuditRow
from core.errors import Forbidden
from tests.factories import make_person


class TestGive:
    def test_makes_a_password_that_waits_to_be_replaced(self, nele: Person, administrator: Person, now: datetime) -> None:
        password = passwords.give(person=nele, by=administrator, now=now)

        nele.refresh_from_db()
        assert nele.check_password(password)
        assert nele.password_until == now + passwords.FIRST_PASSWORD_LASTS
        row = AuditRow.objects.get(action="person.password_given")
        assert (row.actor_id, row.detail) == (administrator.id, {})

    def test_is_for_staff_alone(self, fatima: Person, administrator: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            passwords.give(person=fatima, by=administrator, now=now)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.MODERATOR, Role.AUDITOR])
    def test_is_done_by_administrators_alone(self, nele: Person, role: Role, now: datetime) -> None:
        with pytest.raises(Forbidden):
            passwords.give(person=nele, by=make_person(role=role, now=now), now=now)

    def test_is_not_done_to_oneself(self, administrator: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            passwords.give(person=administrator, by=administrator, now=now)

    def test_lets_nobody_in_who_is_suspended(self, nele: Person, administrator: Person, now: datetime) -> None:
        people.suspend(person=nele, by=administrator, now=now)

        with pytest.raises(PersonAbsent):
            passwords.give(person=nele, by=administrator, now=now)


class TestChoose:
    def test_ends_the_first_password(self, nele: Person, now: datetime) -> None:
        first = passwords.give(person=nele, by=None, now=now)

        passwords.choose(person=nele, password="een eigen lange zin", now=now)

        nele.refresh_from_db()
        assert nele.check_password("een eigen lange zin")
        assert not nele.check_password(first)
        assert nele.password_until is None
        assert AuditRow.objects.filter(action="person.password_chosen", actor_id=nele.id).exists()


class TestForgetASecondFactor:
    def test_is_done_by_administrators_alone(self, nele: Person, bram: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            second_factors.forget(person=nele, by=bram, now=now)
