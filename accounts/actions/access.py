"""What every withdrawal of access has in common: the person is locked, and their access version rises."""

from django.db.models import F

from accounts.facts import AccessWithdrawn
from accounts.models import Person
from core import facts
from core.errors import NotFound


def lock_person(person: Person) -> Person:
    """The person as they are now; nobody else changes their access until this transaction ends. :raises NotFound:"""
    try:
        return Person.objects.locked(person.id)
    except Person.DoesNotExist:
        raise NotFound from None


def withdraw(person: Person) -> None:
    """Raise the access version of a locked person and tell the apps above, which close what is open."""
    Person.objects.filter(id=person.id).update(access_version=F("access_version") + 1)
    person.refresh_from_db(fields=["access_version"])
    facts.record(AccessWithdrawn(person.id, person.access_version))
