"""A meeting with what a calendar recognises it by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from chat import frames


@dataclass(frozen=True, slots=True)
class Planned:
    """One meeting for one reader. `number` is theirs in that conversation, `away` when its members are not there, by number."""

    id: UUID
    conversation_id: UUID
    sequence: int
    changed_at: datetime
    meeting: frames.Meeting
    number: int
    away: Mapping[int, Sequence[tuple[date, date]]] = field(default_factory=dict)

    def uid(self, place: int = 1) -> str:
        """Stays the same for good, and names no host. Of several proposed times the first has the name that the meeting will keep."""
        return f"{self.id}@maatje" if place == 1 else f"{self.id}.{place}@maatje"
