"""What waits follows from the meetings. What a meeting changes, it changes in its own transaction; what a person changes about
themselves may concern many meetings, so it is marked then, and a worker follows a moment later, a conversation at a time.

Nobody is told anything stale meanwhile: whatever goes is checked once more. Whoever writes here holds the lock of the conversation,
which every act holds too, so each sees what the other made.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from chat.models import Conversation, ConversationMember
from core import facts
from core.ids import new_id
from meetings.models import Meeting
from notifications.actions import invitations, nudges, reminders
from notifications.actions.gatherings import gathered
from notifications.facts import NoticesWritten
from notifications.models import Unfollowed

log = logging.getLogger(__name__)

AT_A_TIME = 20  # conversations; those who write there wait for as long as it takes
AGAIN = timedelta(minutes=1)


def follow(meetings: QuerySet[Meeting], *, now: datetime) -> None:
    """Let for these meetings wait what should, and nothing else. The caller holds the locks of their conversations."""
    gatherings = gathered(meetings)
    reminders.follow(gatherings, now=now)
    nudges.follow(gatherings, now=now)
    invitations.follow(gatherings, now=now)


def mark(person_id: UUID, *, now: datetime) -> None:
    """Somebody changed what they want to be told, or when they are away, or where their clock is."""
    Unfollowed.objects.update_or_create(person_id=person_id, defaults={"mark": new_id(), "at": now})
    facts.record(NoticesWritten())


def is_behind(*, now: datetime) -> bool:
    """A read."""
    return Unfollowed.objects.filter(at__lte=now).exists()


def catch_up(*, now: datetime) -> bool:
    """Follow what one person changed; whether there may be others. Many workers may do the same: the second finds it done."""
    behind = Unfollowed.objects.filter(at__lte=now).order_by("at").first()
    if behind is None:
        return False
    here = ConversationMember.objects.present().of(behind.person_id).values("conversation_id")
    try:
        _in_steps(_conversations(now).filter(id__in=here), now=now)
    except Exception as problem:  # one that cannot be followed keeps neither the others nor the notices waiting
        log.warning("meetings_not_followed problem=%s", type(problem).__name__)
        Unfollowed.objects.filter(person_id=behind.person_id, mark=behind.mark).update(at=now + AGAIN)
    else:
        Unfollowed.objects.filter(person_id=behind.person_id, mark=behind.mark).delete()  # unless they changed more meanwhile
    return True


def look_ahead(*, now: datetime) -> None:
    """Another day came within the time that is looked ahead, for everybody."""
    _in_steps(_conversations(now), now=now)


def _conversations(now: datetime) -> QuerySet[Conversation]:
    """Those with something to come."""
    return Conversation.objects.filter(id__in=Meeting.objects.open().not_over(now=now).values("conversation_id"))


def _in_steps(conversations: QuerySet[Conversation], *, now: datetime) -> None:
    ids = list(conversations.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), AT_A_TIME):
        with transaction.atomic():
            _hold(ids[start : start + AT_A_TIME])
            follow(Meeting.objects.filter(conversation_id__in=ids[start : start + AT_A_TIME]).not_over(now=now), now=now)


def _hold(conversation_ids: Collection[UUID]) -> None:
    """In one order, as all who write in conversations do."""
    list(Conversation.objects.locked().filter(id__in=conversation_ids).values_list("id", flat=True))
