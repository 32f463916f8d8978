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
    sequence: int
    changed_at: datetime
    meeting: frames.Meeting
    number: int
    away: Mapping[int, Sequence[tuple[date, date]]] = field(default_factory=dict)
    conversation_id: UUID = UUID(int=0)

    @property
    def uid(self) -> str:
        """Stays the same for good, and names no host: whoever reads the calendar need not learn whose service it is."""
        return f"{self.id}@maatje"
