"""Facts become notices in the transaction that makes them true: what happened to a meeting or a circle, for whom it is news."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from accounts.models import Block
from chat import frames
from chat.models import ConversationMember
from core import facts
from meetings.models import Meeting
from notifications.actions import before
from notifications.facts import NoticesWritten
from notifications.models import Notice, NoticeChoices, NoticeKind, NoticeState
from notifications.policy import MOVES
from programmes.models import Circle, CircleMember

LASTS = timedelta(hours=48)
ANSWERS = frozenset({"accept", "decline"})
OFF = MOVES | {"end"}


@dataclass(frozen=True, slots=True)
class News:
    """What the notices of one fact have in common. The newest of its `topic` replaces what waits, and keeps its time."""

    kind: NoticeKind
    detail: str
    topic: str
    collapse_key: str
    expires_at: datetime
    conversation_id: UUID | None = None
    meeting_id: UUID | None = None
    version: int | None = None
    at: datetime | None = None  # of a meeting that moves or is off: when it was to begin, if that is soon

    @property
    def is_pressing(self) -> bool:
        return self.kind == NoticeKind.MEETING and self.at is not None


def tell_of_meeting(*, meeting_id: UUID, act: str, by_id: UUID | None, now: datetime) -> int:
    """Whom it concerns, but for who did it; how many.

    An answer is for who asked. That the organisation ended a meeting comes with news of the circle, so it is told apart only
    to those who do not want to hear of circles; nothing else that the organisation does to a meeting rings.
    """
    meeting = Meeting.objects.select_related("conversation__data_key").get(id=meeting_id)
    if by_id is not None:
        _drop_answered(meeting_id, by_id)
    elif act != "end":
        return 0
    key = meeting.conversation.data_key.unwrap() if meeting.conversation.data_key else None
    plan = meeting.plan(key=key) if key else None
    was = before.as_it_was(meeting, key=key) if key and act in OFF else None
    people = _concerned(meeting, plan, act, by_id) - _who_blocked(meeting, plan, by_id, came=before.who_came(was) if was else set())
    ends = act == "end"
    return tell(
        people,
        News(
            kind=NoticeKind.MEETING,
            detail=act,
            topic=f"meetings-end:{meeting.conversation_id.hex}" if ends else f"meeting:{meeting_id.hex}",
            collapse_key=_meetings_of(meeting.conversation_id),
            expires_at=_of_use_until(plan, now=now),
            conversation_id=meeting.conversation_id,
            meeting_id=meeting_id,
            version=meeting.version,
            at=before.begins_soon(was, now=now) if was and act in MOVES else None,
        ),
        now=now,
    )


def tell_of_circle(*, circle_id: UUID, what: str, now: datetime, but: UUID | None = None) -> int:
    """Everybody who has joined it, but for one; how many. Whoever lets it rest knows that."""
    if what == "paused":
        but = Circle.objects.values_list("paused_by_id", flat=True).get(id=circle_id)
    joined = CircleMember.objects.joined().filter(circle_id=circle_id)
    return tell(
        set(joined.values_list("person_id", flat=True)) - {but},
        News(kind=NoticeKind.CIRCLE, detail=what, topic=f"circle:{circle_id.hex}", collapse_key=circle_id.hex, expires_at=now + LASTS),
        now=now,
    )


def tell(people: Collection[UUID], news: News, *, now: datetime) -> int:
    """Let a notice wait for each; whoever decides where and when it goes also decides whether. How many."""
    keys = {f"{news.topic}:{person_id.hex}": person_id for person_id in people}
    if not keys:
        return 0
    waiting = Notice.objects.filter(dedupe_key__in=keys, state=NoticeState.WAITING)
    changes = {"due_at": now} if news.is_pressing else {}
    waiting.update(detail=news.detail, version=news.version, at=news.at, expires_at=news.expires_at, seq=None, made_at=now, **changes)
    renewed = set(waiting.values_list("dedupe_key", flat=True))  # locked by the update: nobody drops them before we commit
    Notice.objects.bulk_create(_row(person_id, key, news, now=now) for key, person_id in keys.items() if key not in renewed)
    facts.record(NoticesWritten())
    return len(keys)


def _row(person_id: UUID, key: str, news: News, *, now: datetime) -> Notice:
    return Notice(
        person_id=person_id,
        kind=news.kind,
        detail=news.detail,
        conversation_id=news.conversation_id,
        meeting_id=news.meeting_id,
        version=news.version,
        at=news.at,
        made_at=now,
        due_at=now,
        expires_at=news.expires_at,
        dedupe_key=key,
        collapse_key=news.collapse_key,
    )


def _drop_answered(meeting_id: UUID, person_id: UUID) -> None:
    """Who does something with a meeting knows of it."""
    known = Notice.objects.filter(
        meeting_id=meeting_id, person_id=person_id, state=NoticeState.WAITING, kind__in=[NoticeKind.MEETING, NoticeKind.ESCALATION]
    )
    known.update(state=NoticeState.DROPPED, fate="answered")


def _concerned(meeting: Meeting, plan: frames.Meeting | None, act: str, by_id: UUID | None) -> set[UUID]:
    present = ConversationMember.objects.present().filter(conversation_id=meeting.conversation_id)
    if act in ANSWERS:
        present = present.filter(number=plan.proposer if plan else 0)
    people: set[UUID] = set(present.values_list("person_id", flat=True)) - {by_id}
    if act == "end":
        return people & set(NoticeChoices.objects.filter(person_id__in=people, circles=False).values_list("person_id", flat=True))
    return people


def _who_blocked(meeting: Meeting, plan: frames.Meeting | None, by_id: UUID | None, *, came: Collection[int]) -> set[UUID]:
    """Whoever blocked the one who does it, or who asks; but that what they said yes to moves or is off is their news."""
    seats = dict(ConversationMember.objects.filter(conversation_id=meeting.conversation_id).values_list("number", "person_id"))
    asks = seats.get(plan.proposer) if plan else None
    blockers = Block.objects.filter(blocked_id__in={by_id, asks} - {None}, blocker_id__in=seats.values())
    return set(blockers.values_list("blocker_id", flat=True)) - {seats[number] for number in came if number in seats}


def _meetings_of(conversation_id: UUID) -> str:
    """What the meetings of one conversation have in common, and its messages have not."""
    return blake2b(conversation_id.bytes, digest_size=16, person=b"meetings").hexdigest()


def _of_use_until(plan: frames.Meeting | None, *, now: datetime) -> datetime:
    """News of a meeting is of use until the last of its times that is to come, and for two days at most."""
    ahead = [at for at in _instants(plan) if at > now]
    return min(now + LASTS, max(ahead)) if ahead else now + LASTS


def _instants(plan: frames.Meeting | None) -> Iterable[datetime]:
    if plan is None or plan.repeat:  # a series has another one soon
        return []
    return [time.at for time in plan.times]
