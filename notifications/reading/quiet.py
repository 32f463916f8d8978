"""When somebody does not want to be disturbed, for the apps below that warn of it: `MEETINGS_QUIET` in the settings names this."""

from datetime import time

from accounts.models import Person
from notifications.models import NoticeChoices


def quiet_hours_of(person: Person) -> tuple[time, time]:
    """From when to when, on their own clock. Whose phone may ring all night is warned of the usual night: 02:30 is rather a slip."""
    usual = NoticeChoices()
    chosen = NoticeChoices.objects.filter(person=person).first() or usual
    is_never = chosen.quiet_from == chosen.quiet_until
    return (usual.quiet_from, usual.quiet_until) if is_never else (chosen.quiet_from, chosen.quiet_until)
