"""Meetings as reminders, nudges and invitations look at them: with everybody who is there, and what these chose."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.db.models import QuerySet

from chat import frames
from chat.models import ConversationMember
from meetings.models import Away, Meeting
from meetings.occurrences import Occurrence, occurrences
from meetings.times import recomputed
from notifications.models import NoticeChoices
from notifications.policy import Quiet
from privacy.errors import CannotOpen, KeyringError

log = logging.getLogger(__name__)

UNREADABLE = (CannotOpen, KeyringError, msgspec.DecodeError, ZoneInfoNotFoundError, ValueError)
Days = Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is in the conversation and may use the service."""

    person_id: UUID
    choices: NoticeChoices
    zone: ZoneInfo

    @property
    def quiet(self) -> Quiet:
        return Quiet.of(self.choices, self.zone)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting with its guests by number; its instants are those of this machine's time zone database."""

    row: Meeting
    plan: frames.Meeting
    guests: Mapping[int, Guest]
    away: Mapping[int, Days]

    def dates(self, *, start: datetime, end: datetime) -> list[Occurrence]:
        return occurrences(self.plan, start=start, end=end, away=self.away)


def gathered(meetings: QuerySet[Meeting]) -> list[Gathering]:
    """These meetings as they are; without those of erased conversations, whose words nobody can read any more."""
    rows = list(meetings.order_by("id").select_related("conversation__data_key"))
    of_whom = {row.conversation_id for row in rows}
    guests, away = _guests(of_whom)
    found = []
    for row, plan in _opened(rows):
        place = row.conversation_id
        found.append(Gathering(row, plan, guests[place], away[place]))
    return found


def _opened(rows: Iterable[Meeting]) -> Iterator[tuple[Meeting, frames.Meeting]]:
    keys: dict[UUID, bytes] = {}
    for row in rows:
        data_key = row.conversation.data_key
        if data_key is None:
            continue
        try:
            if row.conversation_id not in keys:
                keys[row.conversation_id] = data_key.unwrap()
            plan = recomputed(row.plan(key=keys[row.conversation_id]))
            ZoneInfo(plan.zone)
        except UNREADABLE:  # one that is damaged, or in a zone that is no more, does not keep the others from being told
            log.warning("meeting_unreadable meeting=%s", row.id)
            continue
        yield row, plan


def _guests(conversation_ids: Collection[UUID]) -> tuple[Mapping[UUID, dict[int, Guest]], Mapping[UUID, dict[int, Days]]]:
    """Who is in each conversation, and when they are away; whoever is suspended still comes, and is told nothing."""
    present = ConversationMember.objects.present().filter(conversation_id__in=conversation_ids).select_related("person")
    seats = list(present.order_by("number"))
    people = {seat.person_id for seat in seats}
    chosen = NoticeChoices.objects.in_bulk(people)
    days: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for away in Away.objects.filter(person_id__in=people):
        days[away.person_id].append((away.first_date, away.last_date))
    guests: dict[UUID, dict[int, Guest]] = defaultdict(dict)
    absences: dict[UUID, dict[int, Days]] = defaultdict(dict)
    for seat in seats:
        person = seat.person
        if person.may_use_the_service():
            choices = chosen.get(person.id) or NoticeChoices(person=person)
            guests[seat.conversation_id][seat.number] = Guest(person.id, choices, _zone(person.zone))
        if person.id in days:
            absences[seat.conversation_id][seat.number] = days[person.id]
    return guests, absences


def _zone(name: str) -> ZoneInfo:
    """One that the database no longer knows may not keep the others from being told."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
