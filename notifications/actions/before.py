"""How a meeting was before it moved or was called off: who meant to come, and whether that was about to begin."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfoNotFoundError

from chat import bodies, frames
from chat.models import Entry, EntryKind
from meetings.models import Meeting
from meetings.occurrences import occurrences
from notifications.policy import SOON
from privacy.errors import CannotOpen

LINES, ENTRIES = 2000, 50  # of the log, that are looked at: whoever sends waits for this


def as_it_was(meeting: Meeting, *, key: bytes) -> frames.Meeting | None:
    """As the log has it, whose newest line about it is not written yet; None when that was long ago."""
    said = Entry.objects.filter(
        conversation_id=meeting.conversation_id, kind=EntryKind.MEETING, seq__gt=meeting.conversation.last_seq - LINES
    )
    for entry in said.exclude(body_sealed=None).order_by("-seq")[:ENTRIES]:
        found = _opened(entry, key)
        if found is not None and found.number == meeting.number:
            return found
    return None


def who_came(plan: frames.Meeting) -> set[int]:
    """The numbers of those who said yes, to all or to a date of it."""
    return {*plan.yes, *(number for change in plan.changes for number in change.yes)}


def begins_soon(plan: frames.Meeting, *, now: datetime) -> datetime | None:
    """When the first of it begins, within three hours."""
    return min((at for at in _instants(plan, now) if now < at <= now + SOON), default=None)


def _instants(plan: frames.Meeting, now: datetime) -> Iterator[datetime]:
    if not plan.repeat:
        yield from (time.at for time in plan.times)
        return
    try:
        yield from (one.time.at for one in occurrences(plan, start=now, end=now + SOON))
    except (ZoneInfoNotFoundError, ValueError):  # a zone that this machine does not know
        return


def _opened(entry: Entry, key: bytes) -> frames.Meeting | None:
    try:
        return bodies.open_meeting(bytes(entry.body_sealed or b""), key=key, conversation_id=entry.conversation_id, place_id=entry.id)
    except CannotOpen:
        return None
