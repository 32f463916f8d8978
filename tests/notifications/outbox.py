"""Notices that wait, what somebody read meanwhile, and what went out."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Person
from chat.actions.marks import Progress, raise_marks
from chat.models import Conversation
from core.ids import new_id
from notifications.models import Delivery, Notice


def read(person: Person, conversation: Conversation, seq: int) -> None:
    raise_marks(steps=[Progress(person.id, conversation.id, read=seq)])


def deliveries() -> list[tuple[str, str]]:
    """Kind of notice, kind of address."""
    return list(Delivery.objects.order_by("made_at", "id").values_list("notice__kind", "kind"))


def waits(person: Person, kind: str, now: datetime, **also: Any) -> Notice:
    """A notice as another part of the house would write it."""
    key = new_id().hex
    return Notice.objects.create(
        person=person, kind=kind, made_at=now, due_at=now, expires_at=now + timedelta(hours=24), dedupe_key=key, collapse_key=key, **also
    )
