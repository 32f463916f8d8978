"""Whose phones no notice reaches, and why, for whoever looks after them. Never where an address leads."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from notifications.models import AddressKind, Delivery, DeliveryState, PushAddress

SILENT = timedelta(days=14)
_PUSHES = [kind for kind in AddressKind if kind.is_push]


@dataclass(frozen=True, slots=True)
class Silence:
    """No push reached somebody since `reached_at`, or ever; `why` is a code of the channel, empty when nobody knows.

    `by` are the other ways in which they are told meanwhile.
    """

    reached_at: datetime | None
    why: str
    by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tried:
    """One phone or browser. `trouble` is what the last attempt that failed said since somebody was reached there; None: there was none."""

    made_at: datetime
    reached_at: datetime | None
    failing_since: datetime | None
    dead_at: datetime | None
    last_error: str
    trouble: str | None

    def is_silent(self, *, now: datetime) -> bool:
        """Dead; or for 14 days something went there and nothing arrived. Where nothing went, nobody knows."""
        was_tried = self.failing_since is not None or self.trouble is not None
        return self.dead_at is not None or (was_tried and (self.reached_at or self.made_at) <= now - SILENT)


def silence_of(phones: Sequence[Tried], *, by: Collection[str] = (), now: datetime) -> Silence | None:
    """Whether all of somebody's phones are silent; somebody without one is not missed. The reason is the newest living one's."""
    if not phones or not all(phone.is_silent(now=now) for phone in phones):
        return None
    newest = max(phones, key=lambda phone: (phone.dead_at is None, phone.dead_at or phone.made_at))
    reached_at = max((phone.reached_at for phone in phones if phone.reached_at), default=None)
    return Silence(reached_at, newest.last_error or newest.trouble or "", frozenset(by))


def unreached(people: QuerySet[Person], *, now: datetime) -> dict[UUID, Silence]:
    """Whom no push reaches, by their id, in two queries."""
    addresses = PushAddress.objects.filter(person__in=people.order_by().values("id"))
    phones: dict[UUID, list[Tried]] = defaultdict(list)
    pushes = addresses.filter(kind__in=_PUSHES).annotate(trouble=Subquery(_failed().values("last_error")[:1]))
    for person_id, *phone in pushes.values_list("person_id", *(field.name for field in fields(Tried))):
        phones[person_id].append(Tried(*phone))
    others: dict[UUID, set[str]] = defaultdict(set)
    for person_id, kind in addresses.alive().exclude(kind__in=_PUSHES).values_list("person_id", "kind"):
        others[person_id].add(kind)
    found = {person_id: silence_of(theirs, by=others[person_id], now=now) for person_id, theirs in phones.items()}
    return {person_id: silence for person_id, silence in found.items() if silence is not None}


def without_any_way(people: Collection[UUID]) -> set[UUID]:
    """Those of these to whom nothing can go: no phone of theirs takes notices, and neither SMS nor mail is sent to them."""
    return set(people) - set(PushAddress.objects.alive().filter(person_id__in=people).values_list("person_id", flat=True))


def _failed() -> QuerySet[Delivery]:
    """What went to an address since somebody was reached there, and did not arrive; the newest first."""
    since = Coalesce(OuterRef("reached_at"), OuterRef("made_at"))
    tried = Delivery.objects.filter(address=OuterRef("pk"), made_at__gte=since, attempts__gt=0)
    return tried.exclude(state=DeliveryState.SENT).order_by("-made_at", "-id")
