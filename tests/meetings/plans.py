"""Meetings made and acted on without a database: Fatima is 1, her buddy Annemie 2, others 3 and up."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chat.frames import AskedTime, DateChange, Meet, Meeting
from meetings import plan

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)  # a Sunday
ZONE = "Europe/Brussels"
CONVERSATION, DRAFT = UUID(int=1), UUID(int=2)
FATIMA, ANNEMIE, JEF, MIA = 1, 2, 3, 4
PAIR = (FATIMA, ANNEMIE)
GROUP = (FATIMA, ANNEMIE, JEF, MIA)
ROLES = {FATIMA: "participant", ANNEMIE: "buddy", JEF: "participant", MIA: "participant"}
WEDNESDAY, THURSDAY, FRIDAY = "2026-11-25T14:00", "2026-11-26T10:00", "2026-11-27T18:30"


def utc(text: str) -> datetime:
    """An instant, of the form 2026-11-25T13:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def meet(act: Any, *starts: str | AskedTime, **but: Any) -> Meet:
    """A command, with `starts` as its times."""
    times = [AskedTime(start=start) if isinstance(start, str) else start for start in starts]
    return Meet(ref=1, conversation=CONVERSATION, draft_id=DRAFT, act=act, times=times, **but)


def proposal(*starts: str | AskedTime, by: int = FATIMA, zone: str = ZONE, now: datetime = NOW, **but: Any) -> Meeting:
    """Meeting 1, on Wednesday when nothing else is asked."""
    return plan.propose(meet("propose", *(starts or (WEDNESDAY,)), **but), number=1, by=by, zone=zone, now=now)


def series(start: str = WEDNESDAY, repeat: str = "FREQ=WEEKLY", **but: Any) -> Meeting:
    return proposal(start, repeat=repeat, **but)


def act(
    meeting: Meeting,
    name: str,
    *starts: str | AskedTime,
    by: int,
    present: tuple[int, ...] = PAIR,
    closes: datetime | None = None,
    now: datetime = NOW,
    **but: Any,
) -> Meeting:
    """What somebody does, looking at the newest version when it is an answer."""
    if name in plan.NEEDS_VERSION:
        but = {"version": meeting.version, **but}
    asked = meet(name, *starts, meeting=meeting.number, **but)
    return plan.act(meeting, asked, by=by, present=present, is_pair=len(present) == 2, roles=ROLES, closes=closes, now=now)


def agreed(meeting: Meeting, **but: Any) -> Meeting:
    """Annemie says yes."""
    return act(meeting, "accept", by=ANNEMIE, **but)


def change(meeting: Meeting, date: str) -> DateChange | None:
    return next((one for one in meeting.changes if one.date == date), None)
