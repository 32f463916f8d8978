"""What became of each letter, written down by whoever still holds its lease."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from notifications.actions.claiming import CONSOLE, Claim
from notifications.models import Delivery, DeliveryState, PushAddress
from notifications.sending import Failed, Fate, Gone, Retry, Sent

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds
LEAST_SAID = 1.0  # second; who says less says nothing
LONGEST_CODE, LONGEST_RECEIPT, MOST_ATTEMPTS = 40, 200, 32_767  # of the columns
RARELY = timedelta(hours=1)  # a living address is written to so often at most
NOBODYS = "address_gone"
OVERTAKEN = "overtaken"  # it was read, cancelled, moved or muted between the claim and the sending

_STORE = """
    UPDATE notifications_delivery
    SET state = %s, attempts = %s, due_at = %s, settled_at = %s, last_error = %s, receipt = %s, lease_token = NULL, lease_until = NULL
    WHERE id = %s AND lease_token = %s AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a delivery's row says from now on."""

    state: DeliveryState
    attempts: int
    due_at: datetime
    error: str = ""
    receipt: str = ""


def settle(claim: Claim, fates: Mapping[UUID, Fate], *, now: datetime) -> int:
    """Write down the fates of claimed deliveries, and what they say about their addresses; one without a fate was overtaken.

    How many were still ours: a worker that took so long that its lease went to another changes nothing of the other's.
    """
    outcomes = {delivery.id: _outcome(delivery, fates.get(delivery.id), now) for delivery in claim.deliveries}
    with transaction.atomic():
        settled = _store(outcomes, claim.token, now)
    news = {one.address_id: (one.address, fates[one.id]) for one in claim.deliveries if one.id in fates}
    tell_addresses([(address, fate) for address, fate in news.values() if address and _says_something_new(address, fate, now)], now=now)
    return settled


def pause(attempts: int, after: float | None) -> float:
    """Seconds until the next attempt: full jitter, so that letters that failed together do not come back together; never before `after`.

    Whoever says "after 0 seconds" each time is asked ever more seldom all the same.
    """
    own = random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts, 16)))  # noqa: S311  # only spreads
    if after is None:
        return own
    return max(after + random.uniform(0, min(after, FIRST_PAUSE)), own if after < LEAST_SAID else 0.0)  # noqa: S311  # as above


def _outcome(delivery: Delivery, fate: Fate | None, now: datetime) -> Outcome:
    tried = min(delivery.attempts + 1, MOST_ATTEMPTS)
    match fate:
        case Sent(receipt):
            return Outcome(DeliveryState.SENT, tried, delivery.due_at, receipt=receipt[:LONGEST_RECEIPT])
        case Gone(code):
            return Outcome(DeliveryState.GONE, tried, delivery.due_at, code)
        case Failed(code):
            return Outcome(DeliveryState.FAILED, tried, delivery.due_at, code)
        case Retry(code, after):
            due_at = now + timedelta(seconds=pause(delivery.attempts, after))
            state = DeliveryState.WAITING if due_at < delivery.expires_at else DeliveryState.EXPIRED
            return Outcome(state, tried, due_at, code)
        case None:
            if delivery.kind != CONSOLE and (delivery.address is None or delivery.address.dead_at):
                return Outcome(DeliveryState.GONE, delivery.attempts, delivery.due_at, NOBODYS)
            return Outcome(DeliveryState.EXPIRED, delivery.attempts, delivery.due_at, OVERTAKEN)


def _store(outcomes: Mapping[UUID, Outcome], token: UUID, now: datetime) -> int:
    rows = [
        (
            outcome.state.value,
            outcome.attempts,
            _time(outcome.due_at),
            None if outcome.state is DeliveryState.WAITING else _time(now),
            outcome.error[:LONGEST_CODE],
            outcome.receipt,
            _uuid(id_),
            _uuid(token),
        )
        for id_, outcome in sorted(outcomes.items())  # in one order, so that two who hold the same rows wait and do not deadlock
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_STORE, rows)
        return int(cursor.rowcount)


def tell_addresses(news: Sequence[tuple[PushAddress, Fate]], *, now: datetime) -> None:
    """Remember who was reached, who fails, and who is gone.

    In a transaction of its own that waits for nobody: whoever deletes an address locks deliveries too, and what is missed here is
    learnt again from the next letter.
    """
    if not news:
        return
    with transaction.atomic():
        rows = PushAddress.objects.filter(id__in=[address.id for address, _ in news], dead_at=None).order_by("id")
        locked = {row.id: row for row in rows.select_for_update(skip_locked=True, no_key=True)}
        # only the value that the letter went to, and not what was registered in its place meanwhile
        same = [(locked[a.id], fate) for a, fate in news if a.id in locked and locked[a.id].value_index == a.value_index]
        for address, fate in same:
            _note(address, fate, now)
        PushAddress.objects.bulk_update([address for address, _ in same], _NOTED)


_NOTED = ["reached_at", "failing_since", "last_error", "dead_at", "value_sealed", "value_index"]


def _note(address: PushAddress, fate: Fate, now: datetime) -> None:
    match fate:
        case Sent():
            address.reached_at, address.failing_since, address.last_error = now, None, ""
        case Gone(code):
            address.dead_at, address.last_error = now, code[:LONGEST_CODE]
            address.value_sealed = address.value_index = None
        case Retry(code):
            address.failing_since, address.last_error = address.failing_since or now, code[:LONGEST_CODE]
        case Failed():
            pass


def _says_something_new(address: PushAddress, fate: Fate, now: datetime) -> bool:
    match fate:
        case Sent():
            return address.failing_since is not None or address.reached_at is None or now - address.reached_at > RARELY
        case Gone():
            return True
        case Retry(code, _, alarms):
            return not alarms and (address.failing_since is None or address.last_error != code[:LONGEST_CODE])
        case Failed():
            return False


def _uuid(value: UUID) -> Any:
    return value if connection.vendor == "postgresql" else value.hex


def _time(value: datetime) -> Any:
    return value if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(value)
