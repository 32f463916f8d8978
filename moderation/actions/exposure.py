"""What those who look must see: what distresses is counted by day, and has an end."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.timezone import make_aware

from accounts.models import Person
from moderation import roster
from moderation.errors import DailyCap
from moderation.models import Case, Exposure, Reading
from moderation.words import FlagReason, SignalClass

DISTRESSING_REASONS = (FlagReason.UNSAFE, FlagReason.SEXUAL, FlagReason.HATE)
DISTRESSING_SIGNALS = (SignalClass.CRISIS, SignalClass.THREAT, SignalClass.SEXUAL, SignalClass.HATE)


def is_distressing(case: Case) -> bool:
    return case.flags.filter(reason__in=DISTRESSING_REASONS).exists() or case.signals.filter(klass__in=DISTRESSING_SIGNALS).exists()


def count(case: Case, *, by: Person, distresses: bool, cannot_wait: bool, now: datetime) -> tuple[int, int]:
    """How many distressing cases they opened today with this one, and how many may be. One case counts once a day, its appeal with it.

    Called before the `Reading` rows of this time are written. :raises DailyCap: unless it `cannot_wait`.
    """
    most = roster.rules_of(case.organisation_id).most_distressing
    zone = ZoneInfo(by.zone)
    today = now.astimezone(zone).date()
    row, _ = Exposure.objects.get_or_create(person=by, date=today)
    if not distresses or _was_read(case.id, by, since=make_aware(datetime.combine(today, time()), zone)):
        return row.opened, most
    if row.opened >= most and not cannot_wait:
        raise DailyCap
    Exposure.objects.filter(id=row.id).update(opened=F("opened") + 1)
    return row.opened + 1, most


def _was_read(case_id: UUID, by: Person, *, since: datetime) -> bool:
    return Reading.objects.filter(case_id=case_id, by=by, at__gte=since).exists()
