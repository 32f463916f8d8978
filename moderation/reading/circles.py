"""How the circles are that somebody answers for: who wrote lately, what is planned, what waits. Never a word of anybody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max

from accounts.models import Person
from chat.models import ConversationMember, Entry, EntryKind
from meetings.models import Meeting
from moderation.models import Escalation
from programmes.models import Circle, State

QUIET = timedelta(days=14)
LIVING = (State.INTRODUCED, State.TRIAL, State.ACTIVE, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Health:
    """One circle. `health`: fine | one_sided | silent | resting; `wrote` says of each member (person id) when they wrote last."""

    circle: Circle
    is_mine: bool  # its coordinator; otherwise its deputy
    health: str
    wrote: dict[UUID, datetime | None]
    escalations: int
    meetings: int  # that were agreed and are not over

    @property
    def last_at(self) -> datetime | None:
        return max((at for at in self.wrote.values() if at), default=None)


def circles_of(person: Person, *, now: datetime) -> list[Health]:
    """Those that live and that this person answers for; what needs somebody first."""
    circles = list(Circle.objects.coordinated_by(person).filter(state__in=LIVING).with_people().select_related("programme", "conversation"))
    places = {circle.conversation.id: circle.id for circle in circles if hasattr(circle, "conversation")}
    wrote = _wrote(places)
    waiting = dict(Escalation.objects.open().filter(circle__in=circles).values_list("circle_id").annotate(Count("id")))
    agreed = Meeting.objects.filter(conversation_id__in=places, state="agreed").not_over(now=now)
    planned = dict(agreed.values_list("conversation__circle_id").annotate(Count("id")))
    found = [
        Health(
            circle=circle,
            is_mine=circle.coordinator_id == person.id,
            health=health_of(circle.state, wrote[circle.id], now=now),
            wrote=wrote[circle.id],
            escalations=waiting.get(circle.id, 0),
            meetings=planned.get(circle.id, 0),
        )
        for circle in circles
    ]
    order = ("one_sided", "silent", "fine", "resting")
    return sorted(found, key=lambda one: (-one.escalations, order.index(one.health), one.circle.proposed_at))


def health_of(state: str, wrote: dict[UUID, datetime | None], *, now: datetime) -> str:
    """Silence is no fault: it is a reason to ask how it goes. One side that writes alone is asked about first."""
    if state == State.PAUSED:
        return "resting"
    lately = [at is not None and at > now - QUIET for at in wrote.values()]
    if not any(lately):
        return "silent"
    return "one_sided" if sum(lately) == 1 and len(lately) > 1 else "fine"


def _wrote(places: dict[UUID, UUID]) -> dict[UUID, dict[UUID, datetime | None]]:
    """By circle and person, when they wrote last; everybody present, also who never wrote."""
    found: dict[UUID, dict[UUID, datetime | None]] = defaultdict(dict)
    present = ConversationMember.objects.present().filter(conversation_id__in=places)
    for place, person_id in present.values_list("conversation_id", "person_id"):
        found[places[place]][person_id] = None
    lines = Entry.objects.filter(conversation_id__in=places, kind=EntryKind.MESSAGE, sender__isnull=False)
    for place, person_id, at in lines.values_list("conversation_id", "sender_id").annotate(Max("at")):
        if person_id in found[places[place]]:
            found[places[place]][person_id] = at
    return found
