"""How meetings are spoken of in the back office; no word here is a judgement of anybody."""

from datetime import datetime

from chat.frames import Meeting
from meetings.repeats import rule_of

_STATES = {
    "proposed": "gevraagd, nog niet afgesproken",
    "agreed": "afgesproken",
    "declined": "geen uur dat past",
    "cancelled": "gaat niet meer door",
}
_ENDED = "gestopt met de kring"
_OVER = "voorbij"
ERASED = "woorden gewist"
GONE = "(gewist)"
TOOK_PLACE = {True: "ging door", False: "ging niet door", None: "niets gezegd"}


def state_of(meeting: Meeting, *, over_at: datetime | None, now: datetime) -> str:
    if meeting.state == "cancelled":
        return _ENDED if meeting.act == "end" else _STATES["cancelled"]
    return _OVER if over_at is not None and over_at <= now else _STATES[meeting.state]


def rhythm_of(meeting: Meeting) -> str:
    """How often; empty for a single meeting."""
    if not meeting.repeat:
        return ""
    return "elke week" if rule_of(meeting.repeat).every == 1 else "om de twee weken"
