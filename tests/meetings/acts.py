"""Ask for something about a meeting, as a device does."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Person
from chat import frames
from chat.actions.entries import append_draft
from chat.drafts import Sent, draft_of
from chat.models import Conversation
from chat.reading import history
from core.ids import new_id

WEDNESDAY = frames.AskedTime("2026-03-04T14:00", 90)  # `now` in tests is Monday 2 March 2026, 09:30 UTC
THURSDAY = frames.AskedTime("2026-03-05T10:00")


def do(person: Person, conversation: Conversation, act: str, *, now: datetime, draft_id: UUID | None = None, **asked: Any) -> Sent:
    """One act. :raises DomainError: its refusal."""
    meet = frames.Meet(0, conversation.id, draft_id or new_id(), act, **asked)  # type: ignore[arg-type]  # tests also ask for what there is not
    return append_draft(draft=draft_of(meet, person_id=person.id), now=now)


def newest(person: Person, conversation: Conversation) -> frames.Meeting:
    """How the last meeting entry looks to somebody."""
    entries, _ = history(person.id, conversation.id, before=None, after=None, limit=50)
    found = [entry.meeting for entry in entries if isinstance(entry.meeting, frames.Meeting)]
    return found[-1]
