"""Who of an organisation is there, now or next: shifts on the clock of its zone, and stand-ins for who is away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Person, Role
from meetings.holidays import is_holiday
from moderation import deadlines
from moderation.models import Absence, Recusal, Rules, Shift
from programmes.models import Circle, Organisation, OrganisationMember

LOOKS_AHEAD = 8  # days: a week, and the day on which a night's shift began
LONGEST_CHAIN = 5  # of stand-ins for stand-ins


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The ids of who is at work, and of who answers the telephone; each once, stand-ins in the place of who is away."""

    at_work: tuple[UUID, ...] = ()
    on_call: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.at_work or self.on_call)


def rules_of(organisation_id: UUID) -> Rules:
    """What it chose, or the defaults; not saved."""
    return Rules.objects.filter(organisation_id=organisation_id).first() or Rules(organisation_id=organisation_id)


def on_duty(organisation_id: UUID, *, now: datetime) -> OnDuty:
    """Who is there at this instant. Nobody, where the roster is empty or everybody is away without a stand-in."""
    zone = _zone(organisation_id)
    found: dict[bool, list[UUID]] = {True: [], False: []}
    for shift in _shifts(organisation_id):
        if any(begins <= now < ends for begins, ends in _times(shift, now.astimezone(zone), days=(-1, 0))):
            there = stand_in_for(shift.person_id, now=now, zone=zone)
            if there is not None and there not in found[shift.on_call] and _is_there(there, organisation_id):
                found[shift.on_call].append(there)
    return OnDuty(tuple(found[False]), tuple(found[True]))


def at_work_from(organisation_id: UUID, *, now: datetime) -> datetime:
    """When somebody is at work next; now, if somebody is. Without a roster: when offices are open."""
    zone = _zone(organisation_id)
    local = now.astimezone(zone)
    shifts = [shift for shift in _shifts(organisation_id) if not shift.on_call]
    if not shifts:
        return deadlines.office_opens(local, holidays_around(local.date(), zone)).astimezone(now.tzinfo)
    instants = [
        max(now, begins)
        for shift in shifts
        for begins, ends in _times(shift, local, days=range(-1, LOOKS_AHEAD))
        if now < ends and (who := stand_in_for(shift.person_id, now=max(now, begins), zone=zone)) and _is_there(who, organisation_id)
    ]
    return min(instants, default=now + timedelta(days=LOOKS_AHEAD))


def stand_in_for(person_id: UUID, *, now: datetime, zone: ZoneInfo) -> UUID | None:
    """Who is there in somebody's place on that day: they themselves, their stand-in, whose stand-in … or nobody."""
    today = now.astimezone(zone).date()
    seen: set[UUID] = set()
    current: UUID | None = person_id
    while current is not None and current not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(current)
        away = Absence.objects.filter(person_id=current, first_date__lte=today, last_date__gte=today).order_by("first_date").first()
        if away is None:
            return current
        current = away.stand_in_id
    return None


def staff_of(organisation_id: UUID, *roles: Role) -> "QuerySet[Person]":
    """Those of the organisation with one of these roles who may use the service."""
    belongs = OrganisationMember.objects.filter(organisation_id=organisation_id)
    return Person.objects.filter(
        id__in=belongs.values("person_id"), role__in=roles, is_active=True, suspended_at=None, erased_at=None
    ).order_by("made_at", "id")


def administrators(organisation_id: UUID) -> "QuerySet[Person]":
    """Those of the organisation, or of none: an installation has at least one."""
    belongs = OrganisationMember.objects.filter(organisation_id=organisation_id)
    of_none = ~Q(id__in=OrganisationMember.objects.values("person_id"))
    present = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True, suspended_at=None, erased_at=None)
    return present.filter(Q(id__in=belongs.values("person_id")) | of_none).order_by("made_at", "id")


def strangers_to(circle: Circle, people: Iterable[UUID]) -> list[UUID]:
    """Those who neither answer for the circle nor said that they know its people: who does is not called for a case of it."""
    known = {circle.coordinator_id, circle.deputy_id, *Recusal.objects.filter(circle=circle).values_list("person_id", flat=True)}
    return [person_id for person_id in people if person_id not in known]


def is_present(person_id: UUID) -> bool:
    """Whether somebody may use the service at all."""
    return Person.objects.filter(id=person_id, is_active=True, suspended_at=None, erased_at=None).exists()


def holidays_around(day: date, zone: ZoneInfo, *, days: int = 31) -> frozenset[date]:
    """The public holidays of the next weeks where the organisation is."""
    ahead = (day + timedelta(days=count) for count in range(days))
    return frozenset(one for one in ahead if is_holiday(one, zone.key))


def _zone(organisation_id: UUID) -> ZoneInfo:
    return ZoneInfo(Organisation.objects.values_list("zone", flat=True).get(id=organisation_id))


def _shifts(organisation_id: UUID) -> list[Shift]:
    return list(Shift.objects.filter(organisation_id=organisation_id))


def _times(shift: Shift, local: datetime, *, days: Iterable[int]) -> Iterable[tuple[datetime, datetime]]:
    """The shift on each of those days from today's on, where it falls on them; one that ends at or before it begins ends the next day."""
    for count in days:
        day = local.date() + timedelta(days=count)
        if day.weekday() == shift.weekday:
            begins = datetime.combine(day, shift.begins, local.tzinfo)
            last = day if shift.ends > shift.begins else day + timedelta(days=1)
            yield begins, datetime.combine(last, shift.ends, local.tzinfo)


def _is_there(person_id: UUID, organisation_id: UUID) -> bool:
    belongs = OrganisationMember.objects.filter(organisation_id=organisation_id, person_id=person_id)
    return belongs.filter(person__is_active=True, person__suspended_at=None, person__erased_at=None).exists()
