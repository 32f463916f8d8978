"""The second factors of staff: which come and go is written down, and who lost their phone sets up another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import policy
from accounts.actions.access import lock_person
from accounts.models import Person
from audit import actions as audit
from core.errors import Forbidden


def forget(*, person: Person, by: Person | None, now: datetime) -> None:
    """Forget a second factor and its recovery codes; the next sign-in leads to a new one. :raises Forbidden:"""
    with transaction.atomic():
        person = lock_person(person)
        if not policy.may_let_staff_in(by, person):
            raise Forbidden
        forgotten, _ = Authenticator.objects.filter(user=person).delete()
        if forgotten:
            audit.write(
                action="person.second_factor_forgotten", by=by.id if by else None, subject=f"person:{person.id}", detail={}, now=now
            )


@contextmanager
def written_down(*, person: Person, by: Person, now: datetime) -> Iterator[None]:
    """One transaction, at the end of which stands what was added and what was removed within: of which kind, no more."""
    with transaction.atomic():
        lock_person(person)
        before = _kinds(person)
        yield
        after = _kinds(person)
        for act, kinds in (("removed", before.items() - after.items()), ("added", after.items() - before.items())):
            for _, kind in sorted(kinds):
                audit.write(action=f"person.second_factor_{act}", by=by.id, subject=f"person:{person.id}", detail={"kind": kind}, now=now)


def _kinds(person: Person) -> dict[int, str]:
    """By id: totp | webauthn | recovery_codes."""
    return dict(Authenticator.objects.filter(user=person).values_list("id", "type"))
