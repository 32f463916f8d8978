"""Who did not answer a proposal is asked once, gently: a day after it came, or three hours before it begins.

`policy` lets at most one through a day, whatever waits for an answer: whoever opens the app sees the others there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import UnsetType

from chat.frames import MeetingTime
from notifications.actions import waiting
from notifications.actions.gatherings import Gathering, Guest
from notifications.models import Notice, NoticeKind

AFTER, BEFORE = timedelta(hours=24), timedelta(hours=3)
OF_USE = timedelta(days=2)
AHEAD = timedelta(days=402)  # as far as anything is proposed


@dataclass(frozen=True, slots=True)
class Question:
    """What waits for answers: a meeting, or one date of a series that was moved. `times` are those that are to come."""

    date: str
    key: str
    times: Sequence[MeetingTime]
    asked: Sequence[Guest]


def follow(gatherings: Sequence[Gathering], *, now: datetime) -> None:
    """Let of these meetings exactly the nudges wait that should. The caller locked them.

    A question is asked from when it is first seen here, so nobody who comes later is nudged at once.
    """
    wanted = {notice.dedupe_key: notice for one in gatherings for notice in _of(one, now=now)}
    ids = [one.row.id for one in gatherings]
    asked = dict(Notice.objects.filter(kind=NoticeKind.NUDGE, meeting_id__in=ids).values_list("dedupe_key", "due_at"))
    for key, due_at in asked.items():
        if key in wanted:
            wanted[key].due_at = due_at
    waiting.settle(wanted, kind=NoticeKind.NUDGE, meeting_ids=ids, now=now)


def stands(notice: Notice, gathering: Gathering, *, now: datetime) -> bool:
    """Whether the question is the same, and this person did not answer it."""
    return any(notice.dedupe_key == _key(gathering, question, guest) for question in _questions(gathering, now) for guest in question.asked)


def _of(gathering: Gathering, *, now: datetime) -> Iterator[Notice]:
    for question in _questions(gathering, now):
        begins, ends = min(time.at for time in question.times), max(time.at for time in question.times)
        for guest in question.asked:
            key = _key(gathering, question, guest)
            due_at = min(now + AFTER, begins - BEFORE) + timedelta(seconds=waiting.jitter(key))
            yield Notice(
                person_id=guest.person_id,
                kind=NoticeKind.NUDGE,
                conversation_id=gathering.row.conversation_id,
                meeting_id=gathering.row.id,
                date=question.date,
                made_at=now,
                due_at=due_at,
                expires_at=min(ends, due_at + OF_USE),
                dedupe_key=key,
                collapse_key=gathering.row.id.hex,
            )


def _questions(gathering: Gathering, now: datetime) -> list[Question]:
    plan = gathering.plan
    if plan.state == "cancelled":
        return []
    moved = {change.date: change for change in plan.changes if not isinstance(change.time, UnsetType) and not change.cancelled}
    is_open = plan.state == "proposed"
    if not is_open and not moved:
        return []
    to_come = [one for one in gathering.dates(start=now, end=now + AHEAD) if one.why_not == "unanswered"]
    found = []
    whole = [one.time for one in to_come if one.date not in moved]
    if is_open and whole:
        said = [plan.zone, plan.repeat, str(plan.proposer), *(time.start for time in plan.times)]
        found.append(Question("", _digest(said), whole[:1] if plan.repeat else whole, _silent(gathering, [*plan.yes, *plan.no])))
    for one in to_come:
        if one.date in moved:
            change = moved[one.date]
            said = [plan.zone, one.date, one.time.start]
            found.append(Question(one.date, _digest(said), [one.time], _silent(gathering, [*change.yes, *change.no])))
    return found


def _silent(gathering: Gathering, answered: Sequence[int]) -> list[Guest]:
    return [guest for number, guest in gathering.guests.items() if number not in answered]


def _key(gathering: Gathering, question: Question, guest: Guest) -> str:
    return f"nudge:{gathering.row.id.hex}:{guest.person_id.hex}:{question.key}"


def _digest(said: Sequence[str]) -> str:
    """Two questions are the same when they are about the same times, on the clock, and the same person asks."""
    return blake2b("\n".join(said).encode(), digest_size=12).hexdigest()
