"""What is usual here: the hour of the last meeting that was agreed, else the same day next week at two."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from chat.frames import AskedTime
from core.errors import DomainError
from meetings.models import Meeting
from meetings.times import resolved, shown_at, start_of
from web.plain.meetings import is_over, planned_here
from web.plain.planning import Diary
from web.plain.reader import Reader

AT_TWO, AN_HOUR = time(14), 60
_MOST_TRIES = 60  # then something has to do; the page says what speaks against it


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


def suggestion(reader: Reader, known: Diary) -> Suggestion:
    """A week day and hour that is still to come and no public holiday. What goes on as a series anyway is not suggested again,
    and where there is no last time, no day on which this person has something then.
    """
    zone = reader.person.zone
    today = shown_at(reader.now, zone)
    last = _as_last_time(reader)
    usual = last or Suggestion(datetime.combine(today.date() + timedelta(days=7), AT_TWO))
    start = usual.start
    if start <= today:
        start += timedelta(days=7 * ((today - start).days // 7 + 1))
    for _ in range(_MOST_TRIES):
        problem = _against(AskedTime(start_of(start), usual.minutes), zone, known)
        if not problem or (last and "holiday" not in problem and "time" not in problem):
            break
        start += timedelta(days=7 if last else 1)
    return replace(usual, start=start)


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


def _against(asked: AskedTime, zone: str, known: Diary) -> list[str]:
    try:
        return known.against([resolved(asked, zone)])
    except DomainError:
        return ["time"]  # the clock does not show it, or twice
