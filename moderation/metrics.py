"""What waits for the moderators, in numbers without people in them."""

import time
from collections.abc import Iterable

from django.db import DatabaseError, InterfaceError
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core import clock
from moderation.reading import workload


class Cases(Collector):
    """Gauges by priority, asked from the database when somebody looks, and not more often than every ten seconds."""

    SECONDS = 10.0

    def __init__(self) -> None:
        self._found: tuple[list[workload.Waiting], int] | None = None
        self._asked_at = -self.SECONDS

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return self._families()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        now = clock.now()
        if time.monotonic() - self._asked_at >= self.SECONDS:
            try:
                self._found, self._asked_at = (workload.waiting(now=now), workload.unanswered(now=now)[0]), time.monotonic()
            except (DatabaseError, InterfaceError):
                self._found = None  # the other numbers are still worth having
        opened, breached, oldest, unanswered = families = self._families()
        if self._found is not None:
            for one in self._found[0]:
                name = [one.priority.name.lower()]
                opened.add_metric(name, one.open)
                breached.add_metric(name, one.breached)
                oldest.add_metric(name, (now - one.oldest_at).total_seconds() if one.oldest_at else 0)
            unanswered.add_metric([], self._found[1])
        return families

    def _families(self) -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
        return (
            GaugeMetricFamily("maatje_cases_open", "Cases that are not closed.", labels=["priority"]),
            GaugeMetricFamily("maatje_cases_breached", "Open cases that nobody decided in time.", labels=["priority"]),
            GaugeMetricFamily("maatje_cases_oldest_seconds", "For how long the oldest open case has been open.", labels=["priority"]),
            GaugeMetricFamily("maatje_escalations_unanswered", "Escalations that nobody has acknowledged.", labels=[]),
        )


REGISTRY.register(Cases())
