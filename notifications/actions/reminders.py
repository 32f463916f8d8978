"""A day and two hours before each date that goes ahead, everybody who comes is reminded, if they like to be.

What waits is made anew from whatever changes: the plan, who comes, who is away, what somebody chose (catching_up.py).
So nobody is reminded of what was moved or is off, and a meeting that is moved and moved back reminds nobody twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from meetings.models import Meeting
from meetings.occurrences import Occurrence
from notifications.actions import nudges, waiting
from notifications.actions.gatherings import Gathering, Guest, gathered
from notifications.models import Notice, NoticeKind

HORIZON = timedelta(days=9)  # further ahead nothing is written yet; once a day a worker looks again
BEFORE = {"day": timedelta(hours=24), "hours": timedelta(hours=2)}
USELESS = {"day": timedelta(hours=2), "hours": timedelta(0)}  # before the meeting; who is reminded later than this learns nothing
BEFORE_QUIET = timedelta(minutes=10)  # a worker may be late, and is not to find the quiet begun


def follow(gatherings: Sequence[Gathering], *, now: datetime) -> None:
    """Let of these meetings exactly the reminders wait that should. The caller locked them."""
    wanted = {notice.dedupe_key: notice for gathering in gatherings for notice in _of(gathering, now=now)}
    waiting.settle(wanted, kind=NoticeKind.REMINDER, meeting_ids=[one.row.id for one in gatherings], now=now)


def still_stands(notice: Notice, now: datetime) -> bool:
    """Whether a reminder or a nudge is still to be told."""
    return notice.id in standing([notice], now=now)


def standing(notices: Iterable[Notice], *, now: datetime) -> set[UUID]:
    """The ids of those reminders and nudges that are still to be told: as the meeting is now, and who comes. A read, without a lock."""
    asked: dict[UUID, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.meeting_id is not None:
            asked[notice.meeting_id].append(notice)
    found = gathered(Meeting.objects.filter(id__in=asked)) if asked else []
    return {notice.id for gathering in found for notice in asked[gathering.row.id] if _stands(notice, gathering, now)}


def _stands(notice: Notice, gathering: Gathering, now: datetime) -> bool:
    if notice.kind == NoticeKind.NUDGE:
        return nudges.stands(notice, gathering, now=now)
    if notice.at is None:
        return False
    dates = gathering.dates(start=notice.at, end=notice.at + timedelta(microseconds=1))
    return any(
        guest.person_id == notice.person_id for one in dates if (one.date or "") == notice.date for guest in _who_come(one, gathering)
    )


def _of(gathering: Gathering, *, now: datetime) -> Iterator[Notice]:
    for one in gathering.dates(start=now, end=now + HORIZON):
        for guest in _who_come(one, gathering):
            yield from (_notice(gathering, one, guest, lead, now=now) for lead in _leads(guest))


def _who_come(one: Occurrence, gathering: Gathering) -> list[Guest]:
    return [gathering.guests[number] for number in sorted(one.yes & gathering.guests.keys())] if one.goes_ahead else []


def _leads(guest: Guest) -> list[str]:
    chosen = {"day": guest.choices.reminder_day, "hours": guest.choices.reminder_hours}
    return [lead for lead, is_wanted in chosen.items() if is_wanted]


def _notice(gathering: Gathering, one: Occurrence, guest: Guest, lead: str, *, now: datetime) -> Notice:
    meeting, at = gathering.row, one.time.at
    key = f"reminder:{meeting.id.hex}:{one.date or ''}:{guest.person_id.hex}:{lead}:{at.astimezone(UTC):%Y%m%dT%H%MZ}"
    return Notice(
        person_id=guest.person_id,
        kind=NoticeKind.REMINDER,
        detail=lead,
        conversation_id=meeting.conversation_id,
        meeting_id=meeting.id,
        date=one.date or "",
        at=at,
        made_at=now,
        due_at=_due_at(at, lead, guest, waiting.jitter(key)),
        expires_at=at - USELESS[lead],
        dedupe_key=key,
        collapse_key=meeting.id.hex,
    )


def _due_at(at: datetime, lead: str, guest: Guest, jitter: int) -> datetime:
    """The one of the day before comes on that day, before or after the quiet hours; the one of two hours before waits until they end."""
    said, around = at - BEFORE[lead], timedelta(seconds=jitter)
    if lead == "day" and guest.quiet.holds(said):
        evening = guest.quiet.start(said) - BEFORE_QUIET
        eve = at.astimezone(guest.zone).date() - timedelta(days=1)
        if evening.astimezone(guest.zone).date() == eve:
            return evening + around
        return guest.quiet.end(said) + abs(around)
    return said if guest.quiet.holds(said + around) else said + around
