"""The meetings that somebody's calendar shows."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

from django.db.models import Q, QuerySet

from accounts.models import Block
from chat.models import ConversationMember
from meetings.calendar.planned import Planned, name_for
from meetings.errors import MeetingNotFound
from meetings.models import Away, Meeting
from meetings.times import recomputed
from privacy.errors import CannotOpen

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)  # for which a calendar still shows what is over, and what was cancelled

_Absences = dict[UUID, dict[int, list[tuple[date, date]]]]


def planned(person_id: UUID, *, now: datetime) -> list[Planned]:
    """What is to come for somebody, what was lately, and what was cancelled lately; in all conversations in which they are present."""
    to_come = Q(state__in=["proposed", "agreed"]) | Q(state="cancelled", changed_at__gt=now - KEPT)
    rows = Meeting.objects.of(person_id).filter(to_come).not_over(now=now - KEPT)
    return _read(rows, person_id)


def planned_one(person_id: UUID, conversation_id: UUID, number: int) -> Planned:
    """One meeting of a conversation in which somebody is present. :raises MeetingNotFound: alike for what is missing and what is not theirs."""
    found = _read(Meeting.objects.of(person_id).filter(conversation_id=conversation_id, number=number), person_id)
    if not found:
        raise MeetingNotFound
    return found[0]


def _read(rows: Iterable[Meeting], person_id: UUID) -> list[Planned]:
    meetings = [row for row in rows if row.conversation.data_key is not None]
    of_whom = {row.conversation_id for row in meetings}
    present = ConversationMember.objects.present().filter(conversation_id__in=of_whom)
    numbers = dict(present.of(person_id).values_list("conversation_id", "number"))
    blocked = _blocked_seats(present, person_id)
    absences = _absences(present.values_list("conversation_id", "person_id", "number"))
    keys: dict[UUID, bytes] = {}
    found = []
    for row in meetings:
        conversation = row.conversation
        number, data_key = numbers.get(conversation.id), conversation.data_key
        if number is None or data_key is None:  # they left since the first question
            continue
        if conversation.id not in keys:
            keys[conversation.id] = data_key.unwrap()
        try:
            plan = recomputed(row.plan(key=keys[conversation.id]))
        except (CannotOpen, ZoneInfoNotFoundError) as problem:  # one that cannot be read hides no other
            log.warning("meeting_not_read meeting=%s problem=%s", row.id, type(problem).__name__)
            continue
        if (conversation.id, plan.proposer) in blocked and number not in plan.yes:
            continue
        away = absences.get(conversation.id, {})
        found.append(Planned(row.id, conversation.id, row.sequence, row.changed_at, plan, number, away, name_for(row.id, person_id)))
    return found


def _blocked_seats(present: QuerySet[ConversationMember], person_id: UUID) -> set[tuple[UUID, int]]:
    """Where, and under which numbers, those are whom this person blocked: what they ask of a group is not shown."""
    blocked = Block.objects.filter(blocker_id=person_id).values("blocked_id")
    return set(present.filter(person_id__in=blocked, conversation__is_pair=False).values_list("conversation_id", "number"))


def _absences(members: Iterable[tuple[UUID, UUID, int]]) -> Mapping[UUID, Mapping[int, list[tuple[date, date]]]]:
    """When the members of each conversation are away, by their numbers."""
    seats = list(members)
    days: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for away in Away.objects.filter(person_id__in={person_id for _, person_id, _ in seats}):
        days[away.person_id].append((away.first_date, away.last_date))
    found: _Absences = defaultdict(dict)
    for conversation_id, person_id, number in seats:
        if person_id in days:
            found[conversation_id][number] = days[person_id]
    return found
