"""Forget a person: what said who they are is gone, here and in backups made later. What they told others stays with the others."""

from datetime import datetime

from django.db import transaction

from accounts import policy
from accounts.actions import devices
from accounts.actions.access import lock_person, withdraw
from accounts.facts import PersonErasing
from accounts.models import DataUse, Invite, Person
from audit import actions as audit
from core import facts
from core.errors import Forbidden
from privacy.models import DataKey


def erase(*, person: Person, by: Person | None, now: datetime) -> Person:
    """Delete the key of their name and number, sign every device out, and leave a row without words that entries point at.

    The apps above hear of it first, inside the transaction: they take their own along, or refuse. Again changes nothing.

    :raises Forbidden: :raises DomainError: what an app above raises, such as `case_open`.
    """
    if not policy.may_erase(by, person):
        raise Forbidden
    with transaction.atomic():
        person = lock_person(person)
        if person.erased_at is not None:
            return person
        facts.record(PersonErasing(person.id, by.id if by else None))
        gone = devices.revoke_all(person=person, by=by, now=now)
        withdraw(person)  # also of who holds no device: what they read elsewhere closes
        Invite.objects.usable(now=now).filter(person=person).update(revoked_at=now)
        DataUse.objects.filter(person=person).delete()
        _forget(person, now=now)
        audit.write(action="person.erased", by=by.id if by else None, subject=f"person:{person.id}", detail={"devices": gone}, now=now)
    return person


def _forget(person: Person, *, now: datetime) -> None:
    key_id = person.data_key_id
    person.data_key, person.erased_at = None, now
    person.name_sealed, person.phone_sealed, person.phone_index = b"", None, None
    person.data_budget, person.unread_statements = None, 0
    person.save(update_fields=["data_key", "erased_at", "name_sealed", "phone_sealed", "phone_index", "data_budget", "unread_statements"])
    if key_id is not None:
        DataKey.objects.filter(id=key_id).delete()
