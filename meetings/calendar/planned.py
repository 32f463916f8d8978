"""A meeting with what a calendar recognises it by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from chat import frames
from privacy.blind_index import blind_index


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
    name: str = ""  # in this reader's calendars, see `name_for`

    def uid(self, place: int = 1) -> str:
        """Stays the same for good, and names no host. Of several proposed times the first has the name that the meeting will keep."""
        name = self.name or str(self.id)
        return f"{name}@maatje" if place == 1 else f"{name}.{place}@maatje"


def name_for(meeting_id: UUID, person_id: UUID) -> str:
    """What a meeting is called in one reader's calendars: in everybody else's it has another name, so that two side by side tell nothing."""
    return blind_index("calendar", f"{meeting_id}:{person_id}").hex()[:32]
