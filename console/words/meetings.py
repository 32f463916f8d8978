"""A meeting that was kept as evidence, in a line."""

from zoneinfo import ZoneInfo

import msgspec
from django.utils import formats

from chat.frames import Meeting

_STATES = {"proposed": "voorgesteld", "agreed": "afgesproken", "declined": "afgewezen", "cancelled": "afgezegd", "held": "ging door"}


def meeting_in_words(body: str) -> str:
    """When and where, and how it stood; what cannot be read says so."""
    try:
        meeting = msgspec.json.decode(body.encode(), type=Meeting)
    except msgspec.MsgspecError:
        return "Een afspraak die niet meer te lezen is."
    times = [formats.date_format(time.at.astimezone(ZoneInfo(meeting.zone)), "D j F, H:i") for time in meeting.times]
    state = _STATES.get(str(meeting.state), str(meeting.state))
    return f"Afspraak ({state}): {' of '.join(times)}{f', {meeting.place}' if meeting.place else ''}"
