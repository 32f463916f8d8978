"""What waits, what went and what is wrong, in numbers without people in them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q

from notifications.models import Delivery, DeliveryState, Notice, NoticeState, PushAddress
from notifications.reading.remedies import remedy

LATE = timedelta(minutes=5)  # what is due so long is stuck, and not busy
SILENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Deliveries that were refused, and will be tried again."""

    kind: str
    code: str
    letters: int

    @property
    def remedy(self) -> str:
        return remedy(self.code)


@dataclass(frozen=True, slots=True)
class Outbox:
    """The queue at one instant. `lag` is how long the oldest thing that is due has been due, in seconds."""

    held: int  # for later: a socket is open, it is night, a meeting is tomorrow
    due: int  # notices that no worker has looked at yet
    waiting: dict[str, int]  # deliveries by kind of address
    lag: float
    results: dict[str, dict[str, int]]  # of the last day: kind → fate → how many
    troubles: list[Trouble]
    dead: dict[str, int]  # addresses that are nobody's any more, by reason
    silent_phones: int
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits; cheap, for it is asked at each scrape of the metrics."""

    held: int
    due: int
    waiting: dict[str, int]
    lag: float


def queue(*, now: datetime) -> Queue:
    """Both questions are answered from indexes that hold only what waits."""
    notices = Notice.objects.filter(state=NoticeState.WAITING)
    told = notices.aggregate(
        due=Count("id", filter=Q(due_at__lte=now)),
        held=Count("id", filter=Q(due_at__gt=now)),
        oldest=Min("due_at", filter=Q(due_at__lte=now)),
    )
    rows = Delivery.objects.filter(state=DeliveryState.WAITING).values("kind").order_by("kind")
    waiting = list(rows.annotate(letters=Count("id"), oldest=Min("due_at", filter=Q(due_at__lte=now))))
    oldest = min((at for at in (told["oldest"], *(row["oldest"] for row in waiting)) if at is not None), default=now)
    return Queue(told["held"], told["due"], {row["kind"]: row["letters"] for row in waiting}, (now - oldest).total_seconds())


def outbox(*, now: datetime) -> Outbox:
    """Everything, with what is wrong in plain words."""
    waits = queue(now=now)
    found = Outbox(waits.held, waits.due, waits.waiting, waits.lag, results(now=now), troubles(), dead(), silent_phones(now=now))
    found.problems.extend(_problems(found))
    return found


def results(*, now: datetime) -> dict[str, dict[str, int]]:
    """The fates of the last 24 hours: kind → fate → how many."""
    rows = Delivery.objects.filter(settled_at__gte=now - timedelta(days=1)).values_list("kind", "state").order_by("kind", "state")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, state, letters in rows.annotate(letters=Count("id")):
        found[kind][state] = letters
    return dict(found)


def troubles() -> list[Trouble]:
    """What is being tried again, the most first."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, attempts__gt=0).values_list("kind", "last_error").order_by()
    return sorted((Trouble(*row) for row in rows.annotate(letters=Count("id"))), key=lambda one: (-one.letters, one.kind, one.code))


def dead() -> dict[str, int]:
    """Addresses that were taken out of use, by the reason that the other side gave; they are forgotten after 90 days."""
    rows = PushAddress.objects.filter(dead_at__isnull=False).values_list("last_error").order_by("last_error")
    return dict(rows.annotate(addresses=Count("id")))


def silent_phones(*, now: datetime) -> int:
    """Phones that were tried and not reached for 14 days, and have no other address that may still work."""
    edge = now - SILENT
    others = PushAddress.objects.filter(device_id=OuterRef("device_id"))
    hopeful = others.filter(Q(reached_at__gt=edge) | Q(dead_at=None, failing_since=None) | Q(dead_at=None, failing_since__gt=edge))
    failing = PushAddress.objects.filter(Q(failing_since__lte=edge) | Q(dead_at__lte=edge), device__isnull=False)
    return failing.filter(~Exists(hopeful)).values("device_id").distinct().count()


def _problems(found: Outbox) -> list[str]:
    said = []
    if found.lag > LATE.total_seconds():
        said.append(
            f"Something is due for {found.lag / 60:.0f} minutes. Is a worker running (`manage.py health --worker`)? "
            "Is there a way out for each kind that waits (`manage.py check`)?"
        )
    said += [f"{one.letters} × {one.kind} {one.code}: {one.remedy}" for one in found.troubles]
    for kind, fates in found.results.items():
        failed, sent = fates.get(DeliveryState.FAILED, 0), fates.get(DeliveryState.SENT, 0)
        if failed > sent:
            said.append(f"Of {kind}, more failed ({failed}) than went ({sent}) in the last day. Read the log for `notices_need_you`.")
    return said
