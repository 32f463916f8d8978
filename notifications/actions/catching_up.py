"""What waits follows from the meetings: what changes is marked in its own transaction, and a worker follows a moment later.

It costs whoever changes something one row, however many people and dates it concerns. Nobody is told anything stale meanwhile:
whatever goes is checked once more. The worker holds the lock of the conversation, which every act holds too, so each sees what the
other made; and it takes that lock before any other, as they do, so that nobody waits for each other.
"""

import logging
import random
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from chat.models import Conversation, ConversationMember
from core import facts
from core.ids import new_id
from meetings.models import Meeting
from notifications.actions import invitations, nudges, reminders, waiting
from notifications.actions.gatherings import gathered
from notifications.facts import NoticesWritten
from notifications.models import Unfollowed

log = logging.getLogger(__name__)

Kind = Literal["meeting", "conversation", "person"]
MARKS_AT_A_TIME = 10
AT_A_TIME = 20  # conversations; those who write there wait for as long as it takes
AGAIN = timedelta(minutes=1)


def mark(id_: UUID, kind: Kind, *, now: datetime) -> None:
    """What follows from this is to be looked at; one row, however often it is said."""
    marked = Unfollowed(id=id_, kind=kind, mark=new_id(), at=now)
    Unfollowed.objects.bulk_create([marked], update_conflicts=True, unique_fields=["id"], update_fields=["mark", "at"])
    facts.record(NoticesWritten())


def is_behind(*, now: datetime) -> bool:
    """A read."""
    return Unfollowed.objects.filter(at__lte=now).exists()


def catch_up(*, now: datetime) -> bool:
    """Follow some of what was marked; whether there was any. Many workers may do the same: the second finds it done."""
    marked = list(Unfollowed.objects.filter(at__lte=now).order_by("at")[:MARKS_AT_A_TIME])
    random.shuffle(marked)  # so that two workers begin elsewhere
    for one in marked:
        _catch_up(one, now=now)
    return bool(marked)


def look_ahead(*, now: datetime) -> None:
    """Another day came within the time that is looked ahead, for everybody."""
    _in_steps(_conversations(now), now=now)


def _catch_up(behind: Unfollowed, *, now: datetime) -> None:
    same = Unfollowed.objects.filter(id=behind.id, mark=behind.mark)  # unless it changed once more meanwhile
    if not same.exists():
        return
    try:
        match behind.kind:
            case "meeting":
                _follow_meeting(behind.id, now=now)
            case "conversation":
                _in_steps(Conversation.objects.filter(id=behind.id), now=now)
            case _:
                here = ConversationMember.objects.present().of(behind.id).values("conversation_id")
                _in_steps(_conversations(now).filter(id__in=here), now=now)
                waiting.look_again(behind.id, now=now)
    except Exception as problem:  # one that cannot be followed keeps neither the others nor the notices waiting
        log.warning("meetings_not_followed kind=%s problem=%s", behind.kind, type(problem).__name__)
        same.update(at=now + AGAIN)
    else:
        same.delete()


def _follow_meeting(meeting_id: UUID, *, now: datetime) -> None:
    found = Meeting.objects.filter(id=meeting_id)
    with transaction.atomic():
        _hold(found.values_list("conversation_id", flat=True))
        _follow(found, now=now)


def _conversations(now: datetime) -> QuerySet[Conversation]:
    """Those with something to come."""
    return Conversation.objects.filter(id__in=Meeting.objects.open().not_over(now=now).values("conversation_id"))


def _in_steps(conversations: QuerySet[Conversation], *, now: datetime) -> None:
    ids = list(conversations.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), AT_A_TIME):
        with transaction.atomic():
            _hold(ids[start : start + AT_A_TIME])
            _follow(Meeting.objects.filter(conversation_id__in=ids[start : start + AT_A_TIME]).not_over(now=now), now=now)


def _follow(meetings: QuerySet[Meeting], *, now: datetime) -> None:
    """Let for these meetings wait what should, and nothing else."""
    gatherings = gathered(meetings)
    reminders.follow(gatherings, now=now)
    nudges.follow(gatherings, now=now)
    invitations.follow(gatherings, now=now)


def _hold(conversation_ids: Collection[UUID] | QuerySet[Meeting, UUID]) -> None:
    """In one order, as all who write in conversations do."""
    list(Conversation.objects.locked().filter(id__in=conversation_ids).values_list("id", flat=True))
