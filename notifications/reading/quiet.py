"""When somebody does not want to be disturbed, for the apps below that warn of it: `MEETINGS_QUIET` in the settings names this."""

from datetime import time

from accounts.models import Person
from notifications.models import NoticeChoices


def quiet_hours_of(person: Person) -> tuple[time, time]:
    """From when to when, on their own clock; the same twice: never quiet."""
    chosen = NoticeChoices.objects.filter(person=person).first() or NoticeChoices()
    return chosen.quiet_from, chosen.quiet_until
