"""The one place where a meeting changes. Its conversation is locked whenever this runs, so acts come one after the other."""

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from chat import frames
from chat.actions.notes import append_meeting
from chat.models import Conversation, ConversationMember
from chat.planning import Place, Seat
from core import facts
from core.errors import Invalid
from meetings import plan, policy
from meetings.dates import over_at
from meetings.errors import MeetingNotFound
from meetings.facts import MeetingChanged
from meetings.models import Meeting
from meetings.times import recomputed
from privacy.errors import CannotOpen

log = logging.getLogger(__name__)


def decide(meet: frames.Meet, *, conversation: Place, seat: Seat, key: bytes, now: datetime) -> frames.Meeting:
    """Do what a member asks, and give how the meeting looks now.

    :raises DomainError: the refusal; nothing has happened then.
    """
    if meet.act == "propose":
        row, changed = _proposed(meet, conversation=conversation, seat=seat, now=now)
    else:
        row, changed = _changed(meet, conversation=conversation, seat=seat, key=key, now=now)
    _store(row, changed, key=key, by_id=seat.person_id, now=now)
    return changed


def _proposed(meet: frames.Meet, *, conversation: Place, seat: Seat, now: datetime) -> tuple[Meeting, frames.Meeting]:
    here = Meeting.objects.filter(conversation_id=conversation.id)
    _ensure_room(conversation.id, by=seat.number, is_series=bool(meet.repeat), now=now)
    number = (here.aggregate(most=Max("number"))["most"] or 0) + 1
    zone = meet.zone or Person.objects.values_list("zone", flat=True).get(id=seat.person_id)
    row = Meeting(conversation_id=conversation.id, number=number, made_at=now)
    return row, plan.propose(meet, number=number, by=seat.number, zone=zone, closes=conversation.closes_at, now=now)


def _changed(meet: frames.Meet, *, conversation: Place, seat: Seat, key: bytes, now: datetime) -> tuple[Meeting, frames.Meeting]:
    if meet.meeting is None:
        raise Invalid(problems={"meeting": ["Say which one, by its number."]})
    row = Meeting.objects.filter(conversation_id=conversation.id, number=meet.meeting).first()
    if row is None:
        raise MeetingNotFound
    is_back = row.open_until is not None and row.open_until <= now  # what is over may come back, and needs room as a new one does
    if is_back or (meet.repeat and not row.is_series):
        _ensure_room(conversation.id, by=seat.number, is_series=bool(meet.repeat) or row.is_series, now=now)
    roles = roles_in(conversation.id)
    changed = plan.act(
        row.plan(key=key),
        meet,
        by=seat.number,
        present=roles,
        is_pair=conversation.is_pair,
        roles=roles,
        closes=conversation.closes_at,
        now=now,
    )
    row.sequence += 1
    return row, changed


def _ensure_room(conversation_id: UUID, *, by: int, is_series: bool, now: datetime) -> None:
    there = Meeting.objects.filter(conversation_id=conversation_id).wanted().not_over(now=now)
    policy.ensure_room(there.count())
    policy.ensure_may_ask(there.filter(state="proposed", proposer=by).count())
    if is_series:
        policy.ensure_room_for_series(there.filter(is_series=True).count())


def roles_in(conversation_id: UUID) -> dict[int, str]:
    """The numbers of those who are present, with their role."""
    present = ConversationMember.objects.present().filter(conversation_id=conversation_id)
    return dict(present.order_by("number").values_list("number", "role"))


def _store(row: Meeting, changed: frames.Meeting, *, key: bytes, by_id: UUID | None, now: datetime) -> None:
    row.take_plan(changed, key=key)
    row.open_until = over_at(changed)
    row.changed_at = now
    row.save()
    facts.record(MeetingChanged(row.id, row.conversation_id, row.number, row.version, changed.act, by_id))


# What the organisation does.


def end_all(*, circle_id: UUID, now: datetime) -> int:
    """The circle rests or ended: so does all that was planned, in person or online. Says how much that was."""
    ended = 0
    for conversation in Conversation.objects.locked().select_related("data_key").filter(circle_id=circle_id):
        for row, looks in _open(conversation, now=now):
            _tell(conversation, row, plan.ended(looks), now=now)
            ended += 1
    return ended


def leave_all(*, conversation_id: UUID, number: int, now: datetime) -> None:
    """Somebody left: their answers go, and what they proposed, or what nobody is left for, ends. The caller locked the conversation."""
    conversation = Conversation.objects.select_related("data_key").get(id=conversation_id)
    present = roles_in(conversation_id)
    for row, looks in _open(conversation, now=now):
        changed = plan.without(looks, number, present=present)
        if changed.state == "cancelled":
            _tell(conversation, row, changed, now=now)
        elif changed != looks:
            row.sequence += 1
            _store(row, changed, key=_key(conversation), by_id=None, now=now)


def recompute_all(*, now: datetime) -> int:
    """Put what is to come at the instants that this machine's time zone database gives; says how many meetings that moved.

    It looks without a lock first: nobody waits for what nearly always moves nothing.
    """
    rows = Meeting.objects.open().not_over(now=now).filter(conversation__data_key__isnull=False).select_related("conversation__data_key")
    wrong = {row.conversation_id for row in rows.iterator() if _is_elsewhere(row)}
    return sum(_recompute(conversation_id, now=now) for conversation_id in sorted(wrong))


def _is_elsewhere(row: Meeting) -> bool:
    try:
        looks = row.plan(key=_key(row.conversation))
        return recomputed(looks) is not looks
    except (CannotOpen, ZoneInfoNotFoundError):  # one that cannot be read stops no other
        return False


def _open(conversation: Conversation, *, now: datetime) -> Iterable[tuple[Meeting, frames.Meeting]]:
    if conversation.data_key is None:
        return
    key = _key(conversation)
    for row in Meeting.objects.filter(conversation=conversation).open().not_over(now=now).order_by("number"):
        try:
            looks = row.plan(key=key)
        except CannotOpen:  # nobody can act on it any more, and no block or pause may fail for it
            log.warning("meeting_not_read meeting=%s", row.id)
            continue
        yield row, looks


def _tell(conversation: Conversation, row: Meeting, changed: frames.Meeting, *, now: datetime) -> None:
    row.sequence += 1
    _store(row, changed, key=_key(conversation), by_id=None, now=now)
    append_meeting(conversation, changed, now=now)


def _key(conversation: Conversation) -> bytes:
    assert conversation.data_key is not None  # of an erased conversation nothing is open
    return conversation.data_key.unwrap()


def _recompute(conversation_id: UUID, *, now: datetime) -> int:
    with transaction.atomic():
        conversation = Conversation.objects.locked().select_related("data_key").get(id=conversation_id)
        moved = [(row, recomputed(looks)) for row, looks in _open(conversation, now=now) if recomputed(looks) is not looks]
        for row, changed in moved:
            row.sequence += 1
            _store(row, changed, key=_key(conversation), by_id=None, now=now)
    return len(moved)
