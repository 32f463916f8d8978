"""What is done once a minute, an hour or a day over all workers, by whichever of them comes first."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.db import IntegrityError, OperationalError, transaction

from notifications.models import PeriodicRun

log = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_BEGUN = timedelta(hours=1)  # what somebody began in steps and did not end, nobody else begins for so long


class Work(Protocol):
    """As a whole, it runs inside a transaction, so it may neither send nor wait; in steps, it commits as it goes, and may be begun again."""

    __name__: str

    def __call__(self, *, now: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every: timedelta
    work: Work
    is_in_steps: bool = False

    def slot(self, now: datetime) -> datetime:
        """When the stretch of time began in which it is done once; all workers count from the same instant."""
        return _beginning(now, self.every)


@dataclass(frozen=True, slots=True)
class Round:
    """The names of what was done, and of what failed."""

    done: tuple[str, ...]
    failed: tuple[str, ...]


_jobs: dict[str, Job] = {}


def every(*, hours: float = 0, minutes: float = 0, in_steps: bool = False) -> Callable[[Work], Work]:
    """Register work that is done once in that time, over all workers together. Its name is the function's.

    As a whole: all of it, or nothing and then the next worker tries. In steps: long, or outside the database; nobody waits for its end.
    """

    def register(work: Work) -> Work:
        _jobs[work.__name__] = Job(work.__name__, timedelta(hours=hours, minutes=minutes), work, in_steps)
        return work

    return register


def run_due(*, now: datetime, is_over: Callable[[], bool] = lambda: False) -> Round:
    """Do what nobody did in its slot yet, each whatever became of the others. One that fails leaves a line, and is tried again."""
    done, failed = [], []
    for job in list(_jobs.values()):
        if is_over():
            break
        try:
            if _run(job, job.slot(now), now):
                done.append(job.name)
        except Exception as problem:  # the text of an error can hold what was written; its type cannot
            log.warning("periodic_failed job=%s problem=%s", job.name, type(problem).__name__)
            failed.append(job.name)
    return Round(tuple(done), tuple(failed))


def _run(job: Job, slot: datetime, now: datetime) -> bool:
    """Whether it was ours to do."""
    if _is_done(job, slot):
        return False
    return _run_in_steps(job, slot, now) if job.is_in_steps else _run_as_a_whole(job, slot, now)


def _run_as_a_whole(job: Job, slot: datetime, now: datetime) -> bool:
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=job.name, slot=slot, at=now)  # another waits here until we are done, or gives up
            job.work(now=now)
    except (IntegrityError, OperationalError):
        if not _is_done(job, slot):
            raise
        return False
    return True


def _run_in_steps(job: Job, slot: datetime, now: datetime) -> bool:
    begun = PeriodicRun(name=f"{job.name} begun", slot=_beginning(now, min(job.every, LONGEST_BEGUN)), at=now)
    try:
        with transaction.atomic():
            begun.save(force_insert=True)
    except IntegrityError:  # somebody is at it, or was killed in it
        return False
    try:
        job.work(now=now)
    except Exception:
        begun.delete()
        raise
    with transaction.atomic():
        PeriodicRun.objects.get_or_create(name=job.name, slot=slot, defaults={"at": now})
        PeriodicRun.objects.filter(name__in=[job.name, begun.name], slot__lt=slot).delete()  # one a minute would be many
    return True


def _is_done(job: Job, slot: datetime) -> bool:
    return PeriodicRun.objects.filter(name=job.name, slot=slot).exists()


def _beginning(now: datetime, stretch: timedelta) -> datetime:
    return now - (now - _EPOCH) % stretch
