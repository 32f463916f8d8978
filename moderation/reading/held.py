"""What somebody wrote that still waits for a moderator."""

from datetime import datetime
from uuid import UUID

from moderation.models import HeldDraft


def waiting_of(person_id: UUID, conversation_id: UUID) -> list[datetime]:
    """Until when each of their messages there waits, the soonest first."""
    held = HeldDraft.objects.filter(sender_id=person_id, conversation_id=conversation_id, state="waiting")
    return list(held.order_by("until").values_list("until", flat=True))
