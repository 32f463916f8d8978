"""Step one of a worker's round: notices that are due become deliveries."""

from collections.abc import Collection
from uuid import UUID

from core import clock
from notifications.actions import telling
from notifications.models import Notice, NoticeState

TOLD_AT_A_TIME = 200


def is_something_due() -> bool:
    """A read: `tell` writes, and on SQLite a writer every second would be in everybody's way."""
    return Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=clock.now()).exists()


def tell(here: Collection[UUID]) -> bool:
    """Make deliveries of the notices that are due; whether there were any, so whether to look again at once. `here` are reading in this process."""
    return telling.tell_due(now=clock.now(), limit=TOLD_AT_A_TIME, here=here) > 0
