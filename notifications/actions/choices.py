"""What somebody wants to be told."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.access import lock_person
from accounts.models import Person
from core import facts
from core.errors import Forbidden
from notifications.facts import ChoicesChanged
from notifications.models import NoticeChoices

OF_TIMES = frozenset({"reminder_day", "reminder_hours", "quiet_from", "quiet_until", "every_minutes", "calendar_mail"})


def choices_of(person: Person) -> NoticeChoices:
    """What they chose, or the defaults."""
    return NoticeChoices.objects.filter(person=person).first() or NoticeChoices(person=person)


def choose(*, person: Person, by: Person, now: datetime, **wanted: Any) -> NoticeChoices:
    """Change what is given and leave the rest; what was so already is not a change. :raises Forbidden:"""
    if by != person:
        raise Forbidden
    with transaction.atomic():
        choices = choices_of(lock_person(person))  # locked, because the row may not be there yet
        changed = {field for field, value in wanted.items() if getattr(choices, field) != value}
        if changed:
            for field in changed:
                setattr(choices, field, wanted[field])
            choices.save()
        if changed & OF_TIMES:
            facts.record(ChoicesChanged(person.id))
    return choices
