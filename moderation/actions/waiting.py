"""Messages of groups whose programme asked that they be seen first: they wait outside the log until somebody looked, or for some hours.

Each message waits for itself. What the same person writes after it goes its own way: with `signals` most of it goes at once, so a
conversation is not stopped for a day by one word; what waited then stands in the log where it was let through (`holding`).
"""

import hmac
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chat import bodies
from chat.errors import DraftReused, NotLetThrough
from chat.models import Conversation
from chat.screening import ToHold
from core.ids import new_id
from media.models import KEPT_UNSENT
from moderation.actions import gathering
from moderation.actions.gathering import Subject
from moderation.models import Case, HeldDraft
from moderation.policy import priority_of_signal
from moderation.words import Priority, SignalClass

Gathered = tuple[gathering.Gathering, list[str]]  # with the classes of what was seen
BEFORE_MEDIA_GO = timedelta(hours=1)


class _Ids:
    """Ids that sort as they are made, also those of one millisecond: what comes in one batch goes in its order."""

    def __init__(self) -> None:
        self._newest = UUID(int=0)
        self._lock = threading.Lock()

    def next(self) -> UUID:
        with self._lock:
            self._newest = max(new_id(), UUID(int=self._newest.int + 1))
            return self._newest


_ids = _Ids()


def hold(line: ToHold, *, hours: int, now: datetime) -> HeldDraft:
    """Keep a draft, sealed under the key of its conversation, in the transaction of the batch that brought it."""
    until = now + timedelta(hours=hours)
    if line.media is not None:  # what no message carries is forgotten after a while, also what would go with this one
        until = min(until, now + KEPT_UNSENT - BEFORE_MEDIA_GO)
    draft = HeldDraft(
        id=_ids.next(), conversation_id=line.conversation_id, sender_id=line.person_id, draft_id=line.draft_id, draft_digest=line.digest,
        target_seq=line.target, media_id=line.media, at=now, until=until,
    )  # fmt: skip
    if line.body:
        draft.body_sealed = bodies.seal_body(
            line.body, key=line.key, conversation_id=line.conversation_id, entry_id=draft.id, sender_id=line.person_id
        )
    draft.save(force_insert=True)
    return draft


def gather(lines: Sequence[ToHold], *, now: datetime) -> list[Gathered]:
    """A case about each person with drafts that wait since now, as urgent as the worst of what was seen in them."""
    by_subject: dict[Subject, list[ToHold]] = {}
    for line in lines:
        by_subject.setdefault(Subject(line.conversation_id, None, line.person_id), []).append(line)
    cases = gathering.lock_cases(by_subject)
    return [_gather(subject, cases.get(subject), of_one, now=now) for subject, of_one in by_subject.items()]


def write(gathered: Sequence[Gathered], *, now: datetime) -> None:
    """The rows of the audit log, last."""
    for gathering_, seen in gathered:
        what = "held" if gathering_.how == "gathered" else gathering_.how
        gathering.write(gathering_, what, now=now, source="held", seen=seen)


def held(*, conversation_id: UUID, person_id: UUID, draft_id: UUID, digest: bytes) -> datetime | None:
    """Until when a draft waits that is given again; None when it never waited, or went through.

    :raises DraftReused: :raises NotLetThrough:
    """
    draft = HeldDraft.objects.filter(sender_id=person_id, draft_id=draft_id).first()
    if draft is None or draft.state == "released":
        return None
    if draft.conversation_id != conversation_id or not hmac.compare_digest(bytes(draft.draft_digest), digest):
        raise DraftReused
    if draft.state == "declined":
        raise NotLetThrough
    return draft.until


def _gather(subject: Subject, case: Case | None, lines: Sequence[ToHold], *, now: datetime) -> Gathered:
    conversation = Conversation.objects.select_related("data_key", "circle__programme").get(id=subject.conversation_id)
    signals = [signal for line in lines for signal in line.seen.signals]
    priority = min((priority_of_signal(SignalClass(one.klass), one.severity) for one in signals), default=Priority.OTHER)
    gathered = gathering.take_in(subject, case, conversation=conversation, priority=priority, now=now)
    gathered.counts = True
    gathered.case.seen_in_waiting |= bool(signals)  # what waits has no line that a signal could be kept of
    gathered.case.save(update_fields=["seen_in_waiting"])
    gathering.settle(gathered, now=now)
    drafts = HeldDraft.objects.filter(sender_id=subject.person_id, draft_id__in=[line.draft_id for line in lines])
    drafts.update(case=gathered.case)
    return gathered, sorted({one.klass for one in signals})
