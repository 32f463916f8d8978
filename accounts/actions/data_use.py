"""Write down what devices used, and say how a person stands this month. What a person uses is what all their devices use.

What crosses a step of a budget says so once, whichever process and device it crosses it in: who adds for somebody with a
budget holds that person's row, so nobody else's bytes come in between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from accounts import policy
from accounts.errors import DataBudgetLow
from accounts.models import DataUse, Person
from accounts.models.data_use import Added
from accounts.zones import month_in
from live.brief_memory import BriefMemory
from live.meter import Count

PEOPLE_A_QUERY = 500
REMEMBERED = 10.0  # seconds; as often as the meter is written down

_used: BriefMemory[UUID, int] = BriefMemory(seconds=REMEMBERED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Bytes of this month, and the step of the budget that they reached: 50, 80 or 100 per cent, or 0."""

    used: int
    budget: int | None
    step: int


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody uses now that their bytes were added, and the step they are at; `crossed` when these very bytes led there."""

    person_id: UUID
    used: int
    budget: int | None
    step: int
    crossed: int | None


def add(counts: Sequence[Count], *, now: datetime) -> list[Use]:
    """Add all of it in one transaction, to the month it is where each person lives; one answer a person.

    Whom the database does not know is left out. Repeating it adds it again.
    """
    by_person: dict[UUID, list[Count]] = {}
    for count in counts:
        by_person.setdefault(count.person_id, []).append(count)
    with transaction.atomic():
        months = _months(by_person, now=now)
        budgets = _budgets_held(months)  # all of them before any row, so that two who add never wait in a circle
        DataUse.objects.add(
            Added(id_, count.device_id, month, count.sent, count.received) for id_, month in months.items() for count in by_person[id_]
        )
        totals = _totals(months)
    for person_id, total in totals.items():
        _used.put(person_id, total)
    return [_use(id_, total, by_person[id_], budgets.get(id_)) for id_, total in totals.items()]


def used(person: Person, *, now: datetime) -> int:
    """Bytes of this month that are written down."""
    month = month_in(person.zone, now)
    total = DataUse.objects.totals([person.id], [month]).get((person.id, month), 0)
    _used.put(person.id, total)
    return total


def standing(person: Person, *, now: datetime) -> Standing:
    """How a person stands. Cheap: without a budget nothing is asked, with one at most every ten seconds."""
    if person.data_budget is None:
        return Standing(0, None, 0)
    remembered = _used.get(person.id)
    total = used(person, now=now) if remembered is None else remembered
    return Standing(total, person.data_budget, policy.step_of(total, person.data_budget))


def ensure_data_left(person: Person, *, now: datetime) -> None:
    """Photos and voice may still be fetched and sent. :raises DataBudgetLow:"""
    if policy.leaves_no_room_for_media(standing(person, now=now).step):
        raise DataBudgetLow


def forget() -> None:
    """Forget what is remembered for ten seconds, for tests."""
    _used.clear()


def _months(person_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, date]:
    """The month it is where each of them lives."""
    people = (row for some in _in_parts(person_ids) for row in Person.objects.filter(id__in=some).only("zone"))
    return {person.id: month_in(person.zone, now) for person in people}


def _budgets_held(person_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    """The budgets there are, of people who stay locked, in the order of their ids, until this transaction ends."""
    held = Person.objects.select_for_update(of=("self",), no_key=True).filter(data_budget__isnull=False).order_by("id")
    rows = (row for some in _in_parts(person_ids) for row in held.filter(id__in=some).values_list("id", "data_budget"))
    return dict(rows)


def _totals(months: dict[UUID, date]) -> dict[UUID, int]:
    return {
        id_: total
        for some in _in_parts(months)
        for (id_, month), total in DataUse.objects.totals(some, set(months.values())).items()
        if months[id_] == month
    }


def _in_parts(person_ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """As many as one query may name, in the order of their ids."""
    waiting = iter(sorted(person_ids))
    while some := list(islice(waiting, PEOPLE_A_QUERY)):
        yield some


def _use(person_id: UUID, total: int, counts: Iterable[Count], budget: int | None) -> Use:
    before = total - sum(count.sent + count.received for count in counts)
    step = policy.step_of(total, budget)
    return Use(person_id, total, budget, step, step if step > policy.step_of(before, budget) else None)
