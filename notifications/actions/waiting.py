"""What waits is what should wait: the difference is written, and nothing else."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from notifications.models import Notice, NoticeKind, NoticeState

JITTER_SECONDS = 60
PUT_OFF = [
    NoticeKind.ENTRY,
    NoticeKind.MEETING,
    NoticeKind.CIRCLE,
    NoticeKind.STATEMENT,
    NoticeKind.DUTY,
]  # due from the start, but for the rule


def settle(wanted: Mapping[str, Notice], *, kind: NoticeKind, meeting_ids: Collection[UUID], now: datetime) -> None:
    """Let of this kind and of these meetings exactly this wait, by dedupe_key. The caller locked the meetings.

    What was told or dropped is not told again, and what is due already was told, or came to be wanted too late. One that waits and
    stays takes its new time; one whose time was put off is looked at again, because what it was put off for may be over.
    """
    known = Notice.objects.filter(kind=kind, meeting_id__in=meeting_ids)
    waiting = {one.dedupe_key: one for one in known.filter(state=NoticeState.WAITING)}
    over = set(known.exclude(state=NoticeState.WAITING).filter(expires_at__gt=now).values_list("dedupe_key", flat=True))
    remove(one.id for key, one in waiting.items() if key not in wanted)
    Notice.objects.bulk_create(notice for key, notice in wanted.items() if key not in waiting and key not in over and notice.due_at > now)
    _keep([(waiting[key], wanted[key]) for key in wanted.keys() & waiting.keys()], now=now)


def remove(notice_ids: Iterable[UUID]) -> None:
    """Nobody was told of these and nobody will be. One that a worker tells this very moment stays: it is checked once more when it goes."""
    ids = list(notice_ids)
    if ids:
        free = Notice.objects.filter(id__in=ids, state=NoticeState.WAITING).select_for_update()  # waits for that worker
        Notice.objects.filter(id__in=list(free.values_list("id", flat=True))).delete()


def look_again(person_id: UUID, *, now: datetime) -> None:
    """What was put off for this person's night, or for a pause between two of a kind, is judged anew: they chose others since."""
    Notice.objects.filter(person_id=person_id, state=NoticeState.WAITING, kind__in=PUT_OFF, due_at__gt=now).update(due_at=now)


def jitter(key: str) -> int:
    """Seconds by which a notice is earlier or later than said, always the same for one: most meetings begin on the hour."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % (2 * JITTER_SECONDS + 1) - JITTER_SECONDS


def _keep(kept: Iterable[tuple[Notice, Notice]], *, now: datetime) -> None:
    moved = []
    for waits, wanted in kept:
        due_at = max(wanted.due_at, now)
        if waits.due_at > now and waits.due_at != due_at:
            waits.due_at = due_at
            moved.append(waits)
    Notice.objects.bulk_update(moved, ["due_at"], batch_size=200)  # of one that is told this very moment it means nothing
