"""Messages of groups whose programme asked that they be seen first: they wait outside the log until somebody looked, or for some hours.

Each message waits for itself. What the same person writes after it goes its own way: with `signals` most of it goes at once, so a
conversation is not stopped for a day by one word; what waited then stands in the log where it was let through.
"""

import hmac
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction

from accounts.models import Person
from chat import bodies
from chat.actions.entries import append_released
from chat.drafts import Draft
from chat.errors import DraftReused, NotLetThrough
from chat.models import Conversation
from chat.screening import ToHold
from core.errors import DomainError
from core.ids import new_id
from media.models import KEPT_UNSENT
from moderation.actions import gathering
from moderation.actions.changing import changed, lock_held
from moderation.actions.gathering import Subject
from moderation.models import Case, HeldDraft
from moderation.permissions import Permission
from moderation.policy import priority_of_signal
from moderation.words import Priority, SignalClass

log = logging.getLogger(__name__)

Gathered = tuple[gathering.Gathering, list[str]]  # with the classes of what was seen
BEFORE_MEDIA_GO = timedelta(hours=1)


def hold(line: ToHold, *, hours: int, now: datetime) -> HeldDraft:
    """Keep a draft, sealed under the key of its conversation, in the transaction of the batch that brought it."""
    until = now + timedelta(hours=hours)
    if line.media is not None:  # what no message carries is forgotten after a while, also what would go with this one
        until = min(until, now + KEPT_UNSENT - BEFORE_MEDIA_GO)
    draft = HeldDraft(
        id=new_id(), conversation_id=line.conversation_id, sender_id=line.person_id, draft_id=line.draft_id, draft_digest=line.digest,
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


def _gather(subject: Subject, case: Case | None, lines: Sequence[ToHold], *, now: datetime) -> Gathered:
    conversation = Conversation.objects.select_related("data_key", "circle__programme").get(id=subject.conversation_id)
    signals = [signal for line in lines for signal in line.seen.signals]
    priority = min((priority_of_signal(SignalClass(one.klass), one.severity) for one in signals), default=Priority.OTHER)
    gathered = gathering.take_in(subject, case, conversation=conversation, priority=priority, now=now)
    gathered.counts = True
    gathering.settle(gathered, now=now)
    drafts = HeldDraft.objects.filter(sender_id=subject.person_id, draft_id__in=[line.draft_id for line in lines])
    drafts.update(case=gathered.case)
    return gathered, sorted({one.klass for one in signals})


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


def release(case_id: UUID, *, by: Person, version: int, now: datetime) -> int:
    """Let through what waits in a case that somebody holds; how many went. The case itself is decided as any other.

    :raises NotYourClaim: :raises StaleVersion: :raises Forbidden: :raises CaseNotFound: :raises OwnCircle:
    """
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.DECIDE, version=version, now=now, with_conversation=True)
        gone = let_go(case, now=now)
        changed(case, "let_through", by=by, now=now, messages=gone)
    return gone


def let_go(case: Case, *, now: datetime) -> int:
    """The same as part of a decision that hides nothing; its conversation and the case are locked."""
    return sum(_let_through(draft, now=now) for draft in _waiting(HeldDraft.objects.filter(case=case)))


def waiting_in(case: Case) -> list[HeldDraft]:
    """What waits in a case, in the order in which it was written. `words_of` opens them, once that is written down."""
    return list(HeldDraft.objects.filter(case=case, state="waiting").select_related("conversation__data_key").order_by("at", "id"))


def decline(case: Case) -> int:
    """What waits in a case goes nowhere; in the transaction of the decision, whose statement says why."""
    return HeldDraft.objects.filter(case=case, state="waiting").update(state="declined", body_sealed=None)


def release_due(*, now: datetime) -> int:
    """Let through whatever nobody looked at in time; each in a transaction of its own. How many were settled."""
    due = HeldDraft.objects.filter(state="waiting", until__lte=now).order_by("until", "id").values_list("id", "conversation_id")
    return sum(_release_one(held_id, conversation_id, now=now) for held_id, conversation_id in list(due))


def _release_one(held_id: UUID, conversation_id: UUID, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            list(Conversation.objects.locked().filter(id=conversation_id))
            return any(_let_through(draft, now=now) for draft in _waiting(HeldDraft.objects.filter(id=held_id)))
    except Exception as problem:  # the others do not wait for this one
        log.error("held_draft_not_released held=%s problem=%s", held_id, type(problem).__name__)  # noqa: TRY400  # a traceback may hold the message
        return False


def _waiting(drafts: models.QuerySet[HeldDraft]) -> list[HeldDraft]:
    """Locked after their conversation, in the order in which they were written."""
    rows = drafts.filter(state="waiting").select_related("conversation__data_key")
    return list(rows.order_by("at", "id").select_for_update(of=("self",)))


def _let_through(draft: HeldDraft, *, now: datetime) -> bool:
    """Append it under the id its device gave it: a retry then finds the entry.

    What may not go there now (a pause, an end, a block, a message that was taken back) is forgotten here, not declined: its device still
    has it, says it again after `until`, and hears then why not, as of any other message.
    """
    try:
        with transaction.atomic():
            append_released(draft=_draft_of(draft), drafted_at=draft.at, now=now)
    except DomainError as problem:
        log.info("held_draft_refused held=%s code=%s", draft.id, problem.code)
        draft.delete()
        return False
    draft.state, draft.body_sealed = "released", None
    draft.save(update_fields=["state", "body_sealed"])
    return True


def _draft_of(draft: HeldDraft) -> Draft:
    kind = "message" if draft.target_seq is None else "edit"
    place = (draft.sender_id, draft.conversation_id, draft.draft_id)
    return Draft(*place, kind, words_of(draft), draft.target_seq, media=draft.media_id)  # type: ignore[arg-type]  # one of two literals


def words_of(draft: HeldDraft) -> str:
    """What it says; only for who may read the case. Empty once it is settled, or the conversation is erased."""
    key = draft.conversation.data_key
    if draft.body_sealed is None or key is None:
        return ""
    return bodies.open_body(
        bytes(draft.body_sealed), key=key.unwrap(), conversation_id=draft.conversation_id, entry_id=draft.id, sender_id=draft.sender_id
    )
