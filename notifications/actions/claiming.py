"""Who sends what: a worker leases deliveries for a minute, and whatever it does not settle is anybody's again.

PostgreSQL skips rows that another is taking this very moment; SQLite takes its rows in one statement, because it has one writer.
Django ignores `select_for_update` there, so these are two statements, and the tests of one say nothing about the other.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q, QuerySet

from notifications.models import Delivery, DeliveryState, NoticeChoices
from notifications.policy import AT_ANY_HOUR, Quiet, zone_of

CONSOLE = "console"  # the kind of a delivery without an address
LEASE = timedelta(seconds=60)  # three times what a channel may take for all its letters (sending.TIMEOUT)
EXPIRED_AT_A_TIME = 1000

_ON_POSTGRES = """
    WITH due AS MATERIALIZED (
        SELECT id FROM notifications_delivery
        WHERE state = 'waiting' AND due_at <= %s AND expires_at > %s AND (lease_until IS NULL OR lease_until <= %s) AND kind = ANY(%s)
        ORDER BY {order} LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE notifications_delivery SET lease_token = %s, lease_until = %s FROM due WHERE notifications_delivery.id = due.id
    RETURNING notifications_delivery.id
"""  # not `IN (SELECT …)`: a plan may run that more than once, and take more than the limit
_FOR_A_TRIAL = """(
    SELECT 1 FROM notifications_pushaddress a
    WHERE a.id = address_id AND a.reached_at IS NOT NULL AND a.failing_since IS NULL AND a.dead_at IS NULL
) IS NULL, attempts, due_at"""
_ON_SQLITE = """
    UPDATE notifications_delivery SET lease_token = %s, lease_until = %s WHERE id IN (
        SELECT id FROM notifications_delivery
        WHERE state = 'waiting' AND due_at <= %s AND expires_at > %s AND (lease_until IS NULL OR lease_until <= %s) AND kind IN ({kinds})
        ORDER BY {order} LIMIT %s
    )
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries that are ours until `until`, each with its notice, person and address."""

    token: UUID
    until: datetime
    deliveries: list[Delivery]


def claim(*, kinds: Collection[str], limit: int, now: datetime, is_trial: bool = False) -> Claim | None:
    """Lease what is due, the longest waiting first; None when there is nothing.

    What was to go in the evening and failed waits for the morning, as if it were told now.
    A trial of a way that failed takes first what goes to an address that was reached before, for that says more about the way.
    """
    token, until = uuid4(), now + LEASE
    taking = _take_on_postgres if connection.vendor == "postgresql" else _take_on_sqlite
    while ids := taking(sorted(kinds), limit, now, token, until, order=_FOR_A_TRIAL if is_trial else "due_at"):
        if may_ring := _without_sleepers(_opened(ids), now=now):
            return Claim(token, until, may_ring)
    return None


def _take_on_postgres(kinds: list[str], limit: int, now: datetime, token: UUID, until: datetime, *, order: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_ON_POSTGRES.format(order=order), [now, now, now, kinds, limit, token, until])
        return [id_ for (id_,) in cursor.fetchall()]


def _take_on_sqlite(kinds: list[str], limit: int, now: datetime, token: UUID, until: datetime, *, order: str) -> list[UUID]:
    statement = _ON_SQLITE.format(kinds=", ".join(["%s"] * len(kinds)), order=order)
    at, end = (connection.ops.adapt_datetimefield_value(instant) for instant in (now, until))
    values: list[Any] = [token.hex, end, at, at, at, *kinds, limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [UUID(id_) for (id_,) in cursor.fetchall()]


def _without_sleepers(deliveries: list[Delivery], *, now: datetime) -> list[Delivery]:
    """Those that may ring now; the others are put back until the quiet hours of their person end."""
    asleep = []
    for delivery in deliveries:
        person = delivery.notice.person
        quiet = Quiet.of(getattr(person, "notice_choices", None) or NoticeChoices(), zone_of(person.zone))
        if delivery.notice.kind not in AT_ANY_HOUR and quiet.holds(now):
            delivery.due_at, delivery.lease_token, delivery.lease_until = quiet.end(now), None, None
            asleep.append(delivery)
    if asleep:
        Delivery.objects.bulk_update(asleep, ["due_at", "lease_token", "lease_until"])
    return [delivery for delivery in deliveries if delivery.lease_token is not None]


def _opened(ids: Collection[UUID]) -> list[Delivery]:
    rows = list(
        Delivery.objects.filter(id__in=ids)
        .select_related("notice__person__data_key", "notice__person__notice_choices", "address")
        .order_by("due_at")
    )
    for delivery in rows:
        if delivery.address is not None and delivery.address.person_id == delivery.notice.person_id:
            delivery.address.person = delivery.notice.person  # with the key that opens it
    return rows


def kinds_due(*, now: datetime) -> set[str]:
    """The kinds of address that something could be claimed for; a read, so that looking every second stops nobody."""
    return set(_free(now).filter(due_at__lte=now, expires_at__gt=now).order_by().values_list("kind", flat=True).distinct())


def release(*, token: UUID, ids: Iterable[UUID]) -> int:
    """Give back what was claimed and not handed over, so that another need not wait for the lease to end."""
    return Delivery.objects.filter(id__in=list(ids), lease_token=token).update(lease_token=None, lease_until=None)


def expire(*, now: datetime) -> int:
    """Settle what came to its end unsent; a reminder after the meeting is worse than none. How many."""
    ids = list(_free(now).filter(expires_at__lte=now).values_list("id", flat=True)[:EXPIRED_AT_A_TIME])
    late = _free(now).filter(id__in=ids)  # looked at again: somebody may have claimed one meanwhile
    return late.update(state=DeliveryState.EXPIRED, settled_at=now, lease_token=None, lease_until=None)


def _free(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), state=DeliveryState.WAITING)
