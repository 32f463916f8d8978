from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Block, Invite, Person
from privacy.errors import CannotOpen
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def refused(name: str, what: Any) -> None:
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        what()
    assert name in str(problem.value)


class TestTheDatabase:
    """Keeps these promises by itself, whatever the code above it does."""

    def test_staff_have_a_username_and_others_none(self, fatima: Person, nele: Person) -> None:
        name = "staff_have_a_username_and_others_none"
        refused(name, lambda: Person.objects.filter(id=fatima.id).update(username="fatima"))
        refused(name, lambda: Person.objects.filter(id=nele.id).update(username=None))

    def test_participants_and_buddies_are_not_staff(self, fatima: Person) -> None:
        staff = {"is_staff": True, "username": "fatima"}
        refused("participants_and_buddies_are_not_staff", lambda: Person.objects.filter(id=fatima.id).update(**staff))

    def test_phone_is_sealed_and_indexed_together(self, fatima: Person) -> None:
        refused("phone_is_sealed_and_indexed_together", lambda: Person.objects.filter(id=fatima.id).update(phone_index=None))

    def test_erased_person_keeps_no_key(self, fatima: Person, now: datetime) -> None:
        refused("erased_person_keeps_no_key", lambda: Person.objects.filter(id=fatima.id).update(erased_at=now))

    def test_nobody_blocks_themselves(self, fatima: Person, now: datetime) -> None:
        refused("nobody_blocks_themselves", lambda: Block.objects.create(blocker=fatima, blocked=fatima, at=now))

    def test_invite_is_used_or_revoked_not_both(self, fatima: Person, now: datetime) -> None:
        made = Invite(person=fatima, code_digest=b"x" * 32, made_at=now, expires_at=now + timedelta(days=1), used_at=now, revoked_at=now)
        refused("invite_is_used_or_revoked_not_both", made.save)


class TestPerson:
    def test_has_no_name_once_their_key_is_gone(self, fatima: Person) -> None:
        assert fatima.data_key is not None
        fatima.data_key.delete()

        fatima = Person.objects.get(id=fatima.id)
        assert (fatima.name, fatima.phone) == ("", None)

    def test_cannot_be_given_another_persons_sealed_name(self, fatima: Person, now: datetime) -> None:
        other = make_person(name="Yusuf", now=now)
        Person.objects.filter(id=fatima.id).update(name_sealed=other.name_sealed, data_key=other.data_key)

        with pytest.raises(CannotOpen):
            str(Person.objects.get(id=fatima.id).name)

    def test_first_administrator_comes_from_the_command_line(self) -> None:
        ada = Person.objects.create_superuser("ada", "a long password")

        assert (ada.role, ada.name, ada.is_staff) == ("administrator", "ada", True)
        assert ada.check_password("a long password")
