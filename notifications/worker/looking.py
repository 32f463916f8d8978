"""Step one of a worker's round: notices that are due become deliveries."""

from collections.abc import Collection
from uuid import UUID

from core import clock
from notifications.actions import catching_up, telling
from notifications.models import Notice, NoticeState

TOLD_AT_A_TIME = 200


def is_something_due() -> bool:
    """A read: `tell` writes, and on SQLite a writer every second would be in everybody's way."""
    now = clock.now()
    return catching_up.is_behind(now=now) or Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=now).exists()


def tell(here: Collection[UUID]) -> bool:
    """Make deliveries of the notices that are due; whether there were any, so whether to look again at once. `here` are reading in this process."""
    has_followed = catching_up.catch_up(now=clock.now())
    return telling.tell_due(now=clock.now(), limit=TOLD_AT_A_TIME, here=here) > 0 or has_followed
