"""What a worker does within a second of every act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Person
from chat.drafts import Sent
from chat.models import Conversation
from core import clock
from notifications.actions import catching_up
from tests.meetings import acts


def a_worker_follows() -> None:
    while catching_up.catch_up(now=clock.now()):
        pass


def do(person: Person, conversation: Conversation, act: str, *, now: datetime, draft_id: UUID | None = None, **asked: Any) -> Sent:
    """One act, and what follows from it. :raises DomainError: its refusal."""
    sent = acts.do(person, conversation, act, now=now, draft_id=draft_id, **asked)
    a_worker_follows()
    return sent
