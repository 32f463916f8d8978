"""What is usual here: the hour of the last meeting that was agreed, else the same day next week at two."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from chat.frames import AskedTime
from core.errors import DomainError
from meetings.holidays import is_holiday
from meetings.models import Meeting
from meetings.times import resolved, shown_at, start_of
from web.plain.meetings import Reader, is_over, planned_here

AT_TWO, AN_HOUR = time(14), 60
_MOST_WEEKS = 60  # somewhere in more than a year there is a week without a public holiday


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`start` is local, on the clock of whoever plans."""

    start: datetime
    minutes: int = AN_HOUR
    place: str = ""
    online: bool = False
    purpose: str = ""

    @property
    def asked(self) -> AskedTime:
        return AskedTime(start_of(self.start), self.minutes)


def suggestion(reader: Reader) -> Suggestion:
    """A week day and hour that is still to come and no public holiday. What goes on as a series anyway is not suggested again."""
    zone = reader.person.zone
    today = shown_at(reader.now, zone)
    usual = _as_last_time(reader) or Suggestion(datetime.combine(today.date() + timedelta(days=7), AT_TWO))
    start = usual.start
    if start <= today:
        start += timedelta(days=7 * ((today - start).days // 7 + 1))
    for _ in range(_MOST_WEEKS):
        if not is_holiday(start.date(), zone) and _is_shown_once(start, zone):
            break
        start += timedelta(days=7)
    return Suggestion(start, usual.minutes, usual.place, usual.online, usual.purpose)


def _as_last_time(reader: Reader) -> Suggestion | None:
    last = Meeting.objects.filter(conversation_id=reader.card.id, state="agreed").order_by("-changed_at").values_list("number", flat=True)
    if (number := last.first()) is None:
        return None
    meeting = planned_here(reader, number).meeting
    if meeting.repeat and not is_over(meeting, reader.now):
        return None
    purpose = meeting.purpose if isinstance(meeting.purpose, str) else ""
    start = shown_at(meeting.times[0].at, reader.person.zone)
    return Suggestion(start, meeting.times[0].minutes, meeting.place, meeting.online, purpose)


def _is_shown_once(start: datetime, zone: str) -> bool:
    try:
        resolved(AskedTime(start_of(start)), zone)
    except DomainError:
        return False
    return True
