"""The passwords of staff: a first one that an administrator hands over, and the one they choose themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import codes, policy
from accounts.actions.access import lock_person
from accounts.errors import PersonAbsent
from accounts.models import Person
from audit import actions as audit
from core.errors import Forbidden

FIRST_PASSWORD_LASTS = timedelta(days=7)


def give(*, person: Person, by: Person | None, now: datetime) -> str:
    """Make a password that is told this once and must be replaced at the first sign-in; the old one is worthless.

    :raises Forbidden: :raises PersonAbsent:
    """
    with transaction.atomic():
        person = lock_person(person)
        if not policy.may_let_staff_in(by, person):
            raise Forbidden
        if not person.may_use_the_service():
            raise PersonAbsent
        password = codes.make_password()
        _set(person, password, until=now + FIRST_PASSWORD_LASTS)
        _audit("person.password_given", person, by=by, now=now)
    return password


def give_one_to_all(*, people: Sequence[Person], by: Person | None, now: datetime) -> str:
    """Make one first password for several, as a demo or a course needs; each replaces it at the first sign-in. :raises Forbidden:"""
    password = codes.make_password()
    hashed = make_password(password)
    with transaction.atomic():
        for person in map(lock_person, people):
            if not policy.may_let_staff_in(by, person):
                raise Forbidden
            person.password, person.password_until = hashed, now + FIRST_PASSWORD_LASTS
            person.save(update_fields=["password", "password_until"])
            _audit("person.password_given", person, by=by, now=now)
    return password


def choose(*, person: Person, password: str, now: datetime) -> None:
    """Replace one's own password, whose strength was checked before."""
    with transaction.atomic():
        _set(person, password, until=None)
        _audit("person.password_chosen", person, by=person, now=now)


def _set(person: Person, password: str, *, until: datetime | None) -> None:
    person.set_password(password)
    person.password_until = until
    person.save(update_fields=["password", "password_until"])


def _audit(action: str, person: Person, *, by: Person | None, now: datetime) -> None:
    audit.write(action=action, by=by.id if by else None, subject=f"person:{person.id}", detail={}, now=now)
