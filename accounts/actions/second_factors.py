"""Let staff who lost their phone set up another one."""

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
