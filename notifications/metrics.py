"""What this process sent, and what waits for all of them, in numbers without people in them."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core import clock
from notifications.models import Delivery
from notifications.reading import outbox
from notifications.sending import Fate, Sent

LETTERS = Counter("maatje_notices_total", "Letters by what became of them.", ["channel", "fate"])
ALARMS = Counter("maatje_notices_alarms_total", "Letters that call for an operator, by the code of the other side.", ["channel", "code"])
LAG_SECONDS = Histogram(
    "maatje_notices_lag_seconds", "From when a notice was due until the other side took it.", ["channel"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600),
)  # fmt: skip


def count(channel: str, deliveries: Sequence[Delivery], fates: Mapping[UUID, Fate], *, now: datetime) -> None:
    """Count one batch; what was overtaken has no fate."""
    for delivery in deliveries:
        fate = fates.get(delivery.id)
        LETTERS.labels(channel, "overtaken" if fate is None else type(fate).__name__.lower()).inc()
        if isinstance(fate, Sent):
            LAG_SECONDS.labels(channel).observe(max(0.0, (now - delivery.notice.due_at).total_seconds()))


class Queue(Collector):
    """Gauges of what waits, asked from the database when somebody looks, and not more often than every ten seconds."""

    SECONDS = 10.0

    def __init__(self) -> None:
        self._found: outbox.Queue | None = None
        self._asked_at = -self.SECONDS

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return self._families()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        if time.monotonic() - self._asked_at >= self.SECONDS:
            try:
                self._found, self._asked_at = outbox.queue(now=clock.now()), time.monotonic()
            except (DatabaseError, InterfaceError):
                self._found = None  # the other numbers are still worth having
        due, held, waiting, lag = families = self._families()
        if (found := self._found) is not None:
            due.add_metric([], found.due)
            held.add_metric([], found.held)
            lag.add_metric([], found.lag)
            for kind, letters in found.waiting.items():
                waiting.add_metric([kind], letters)
        return families

    def _families(self) -> tuple[GaugeMetricFamily, ...]:
        return (
            GaugeMetricFamily("maatje_notices_due", "Notices that no worker has looked at yet.", labels=[]),
            GaugeMetricFamily("maatje_notices_held", "Notices for later: somebody is reading, it is night, it is tomorrow's.", labels=[]),
            GaugeMetricFamily("maatje_notices_waiting", "Deliveries that wait for their channel.", labels=["kind"]),
            GaugeMetricFamily("maatje_notices_queue_lag_seconds", "For how long the oldest of what is due has been due.", labels=[]),
        )


class Fates(Collector):
    """Gauges of what became of the last day's, whichever process sent them, and of addresses that lead nowhere; asked once a minute at most."""

    SECONDS = 60.0

    def __init__(self) -> None:
        self._found: tuple[dict[str, dict[str, int]], dict[str, int], int] | None = None
        self._asked_at = -self.SECONDS

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return self._families()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        if time.monotonic() - self._asked_at >= self.SECONDS:
            try:
                now = clock.now()
                self._found = (outbox.results(now=now), outbox.dead(), outbox.silent_phones(now=now))
                self._asked_at = time.monotonic()
            except (DatabaseError, InterfaceError):
                self._found = None  # the other numbers are still worth having
        results, dead, silent = families = self._families()
        if self._found is not None:
            by_kind, reasons, phones = self._found
            silent.add_metric([], phones)
            for reason, addresses in reasons.items():
                dead.add_metric([reason], addresses)
            for kind, fates in by_kind.items():
                for fate, letters in fates.items():
                    results.add_metric([kind, fate], letters)
        return families

    def _families(self) -> tuple[GaugeMetricFamily, ...]:
        return (
            GaugeMetricFamily(
                "maatje_notices_last_day", "Deliveries of the last 24 hours by what became of them.", labels=["kind", "fate"]
            ),
            GaugeMetricFamily("maatje_notices_dead_addresses", "Addresses out of use, by the reason that was given.", labels=["reason"]),
            GaugeMetricFamily("maatje_notices_silent_phones", "Phones that no push reached for 14 days.", labels=[]),
        )


REGISTRY.register(Queue())
REGISTRY.register(Fates())
