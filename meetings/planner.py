"""What `chat` asks about meetings: `CHAT_PLANNER` in the settings names this."""

from datetime import datetime
from uuid import UUID

from chat import frames
from chat.planning import Place, Seat
from meetings.actions import planning, reports


class Planner:
    """Hands over to the actions."""

    def decide(self, meet: frames.Meet, *, conversation: Place, seat: Seat, key: bytes, now: datetime) -> frames.Meeting:
        return planning.decide(meet, conversation=conversation, seat=seat, key=key, now=now)

    def report(self, held: frames.Held, *, by_id: UUID, now: datetime) -> None:
        reports.report(held, by_id=by_id, now=now)
