"""Meetings opened for those who answer for their circles."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from msgspec import structs

from accounts.models import Person, Role
from chat import frames
from chat.models import ConversationMember
from meetings.dates import CHANGES_KEPT
from meetings.models import Away, Meeting
from meetings.occurrences import Occurrence, occurrences
from meetings.states import ENOUGH
from meetings.times import recomputed
from programmes.back_office.choices import circles_seen_by
from programmes.models import Circle
from programmes.models.circles import CircleQuerySet

LONG_AGO = datetime.min.replace(tzinfo=UTC)
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Opened:
    """One meeting. `seats` are all who are or were in its conversation, by number; `away` when they are not there."""

    row: Meeting
    plan: frames.Meeting
    seats: Mapping[int, ConversationMember]
    away: Mapping[int, Sequence[tuple[date, date]]] = field(default_factory=dict)

    def were(self, *, now: datetime) -> list[Occurrence]:
        """The dates that took place as far as was agreed; of a series those of the last 30 days, for longer nobody knows what differed."""
        plan, end = self.plan, now
        if plan.state == "cancelled":  # until then it went on
            plan = structs.replace(plan, state="agreed" if len(plan.yes) >= ENOUGH else "proposed")
            end = min(now, self.row.changed_at)
        return self._agreed(plan, now - CHANGES_KEPT if plan.repeat else LONG_AGO, end)

    def last(self, *, now: datetime) -> datetime | None:
        return max((one.time.at for one in self.were(now=now)), default=None)

    def next(self, *, now: datetime) -> datetime | None:
        """The next one that is agreed on, as far as anybody looks ahead."""
        return min((one.time.at for one in self._agreed(self.plan, now, now + SOON)), default=None)

    def asked(self, *, now: datetime) -> list[datetime]:
        """Of a meeting that nobody else said yes to yet: the times that still can be chosen."""
        return [time.at for time in self.plan.times if time.at > now] if self.plan.state == "proposed" else []

    def _agreed(self, plan: frames.Meeting, start: datetime, end: datetime) -> list[Occurrence]:
        return [one for one in occurrences(plan, start=start, end=end, away=self.away) if one.goes_ahead]


def meetings_answered_for(by: Person) -> QuerySet[Meeting]:
    """Of the circles that somebody is coordinator or deputy of, and for an administrator of all; `programmes.policy.may_answer_for`."""
    circles = circles_seen_by(by)
    if by.role != Role.ADMINISTRATOR:  # a lead sees more circles than they answer for
        circles = circles.coordinated_by(by)
    people = Prefetch("conversation__circle", CircleQuerySet(Circle).with_people())
    rows = Meeting.objects.filter(conversation__circle__in=circles).select_related("conversation__data_key")
    return rows.prefetch_related(people).order_by("-made_at", "-id")


def opened(rows: Iterable[Meeting]) -> dict[UUID, Opened]:
    """Those whose words were not erased, by id, in three queries for all of them."""
    meetings = list(rows)
    seats: dict[UUID, dict[int, ConversationMember]] = defaultdict(dict)
    members = ConversationMember.objects.filter(conversation__in={row.conversation_id for row in meetings})
    for member in members.select_related("person__data_key").order_by("number"):
        seats[member.conversation_id][member.number] = member
    days = _absences(member.person_id for here in seats.values() for member in here.values())
    found = {}
    for row in meetings:
        data_key, here = row.conversation.data_key, seats[row.conversation_id]
        if data_key is not None:
            away = {number: days[member.person_id] for number, member in here.items() if member.person_id in days}
            found[row.id] = Opened(row, recomputed(row.plan(key=data_key.unwrap())), here, away)
    return found


def _absences(people: Iterable[UUID]) -> dict[UUID, list[tuple[date, date]]]:
    days: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for away in Away.objects.filter(person_id__in=set(people)):
        days[away.person_id].append((away.first_date, away.last_date))
    return dict(days)
