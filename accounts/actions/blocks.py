"""Hear nothing from somebody, and hear from them again."""

from datetime import datetime

from django.db import transaction

from accounts.actions.access import lock_person
from accounts.errors import CannotBlockYourself
from accounts.facts import PersonBlocked, PersonUnblocked
from accounts.models import Block, Person
from audit import actions as audit
from core import facts


def add(*, blocker: Person, blocked: Person, now: datetime) -> None:
    """Block somebody; doing it again changes nothing. The other is never told.

    :raises CannotBlockYourself: :raises NotFound: also when the two have nothing to do with each other.
    """
    if blocker == blocked:
        raise CannotBlockYourself
    with transaction.atomic():
        lock_person(blocker)
        _, is_new = Block.objects.get_or_create(blocker=blocker, blocked=blocked, defaults={"at": now})
        if is_new:
            facts.record(PersonBlocked(blocker.id, blocked.id))
            _audit("block.added", blocker, blocked, now=now)


def lift(*, blocker: Person, blocked: Person, now: datetime) -> None:
    """Take a block away; where there is none, nothing changes."""
    with transaction.atomic():
        lock_person(blocker)
        gone, _ = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
        if gone:
            facts.record(PersonUnblocked(blocker.id, blocked.id))
            _audit("block.lifted", blocker, blocked, now=now)


def _audit(action: str, blocker: Person, blocked: Person, *, now: datetime) -> None:
    audit.write(action=action, by=blocker.id, subject=f"person:{blocker.id}", detail={"blocked": str(blocked.id)}, now=now)
