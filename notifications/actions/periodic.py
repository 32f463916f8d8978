"""What is done once an hour or once a day, by whichever worker comes first: all of it, or nothing and then the next one tries."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db import IntegrityError, OperationalError, transaction

from notifications.models import PeriodicRun

log = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Work(Protocol):
    """A function of the database alone: it runs inside a transaction, so it may neither send nor wait."""

    __name__: str

    def __call__(self, *, now: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every: timedelta
    work: Work

    def slot(self, now: datetime) -> datetime:
        """When the stretch of time began in which it is done once; all workers count from the same instant."""
        return now - (now - _EPOCH) % self.every


_jobs: dict[str, Job] = {}


def every(*, hours: float) -> Callable[[Work], Work]:
    """Register work that is done once in so many hours, over all workers together. Its name is the function's."""

    def register(work: Work) -> Work:
        _jobs[work.__name__] = Job(work.__name__, timedelta(hours=hours), work)
        return work

    return register


def run_due(*, now: datetime) -> int:
    """Do what nobody did in its slot yet; how many. One that fails leaves no trace but a line, and is tried again."""
    return sum(_run(job, now) for job in list(_jobs.values()))


def _run(job: Job, now: datetime) -> bool:
    slot = job.slot(now)
    if PeriodicRun.objects.filter(name=job.name, slot=slot).exists():
        return False
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=job.name, slot=slot, at=now)  # another waits here until we are done, or gives up
            job.work(now=now)
    except (IntegrityError, OperationalError) as problem:
        if not PeriodicRun.objects.filter(name=job.name, slot=slot).exists():
            log.warning("periodic_failed job=%s problem=%s", job.name, type(problem).__name__)
        return False
    except Exception as problem:  # the text of an error can hold what was written; its type cannot
        log.warning("periodic_failed job=%s problem=%s", job.name, type(problem).__name__)
        return False
    return True
