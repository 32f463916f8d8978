"""Messages of groups whose programme asked that they be seen first: they wait outside the log until somebody looked, or for some hours.

Each message waits for itself. What the same person writes after it goes its own way: with `signals` most of it goes at once, so a
conversation is not stopped for a day by one word; what waited then stands in the log where it was let through.
"""

import hmac
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

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

BEFORE_MEDIA_GO = timedelta(hours=1)


def hold(line: ToHold, *, hours: int, now: datetime) -> HeldDraft:
    """Keep a draft, sealed under the key of its conversation, and let somebody look. In the transaction of the batch that brought it."""
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
    draft.case = _case_for(line, now=now)
    draft.save(force_insert=True)
    return draft


def _case_for(line: ToHold, *, now: datetime) -> Case:
    """The case about this person in this group, as urgent as the worst of what was seen."""
    conversation = Conversation.objects.select_related("data_key", "circle__programme").get(id=line.conversation_id)
    subject = Subject(line.conversation_id, None, line.person_id)
    priority = min((priority_of_signal(SignalClass(one.klass), one.severity) for one in line.seen.signals), default=Priority.OTHER)
    case = gathering.lock_cases([subject]).get(subject)
    gathered = gathering.take_in(subject, case, conversation=conversation, priority=priority, now=now)
    gathered.counts = True
    gathering.settle(gathered, now=now)
    reasons = sorted({one.klass for one in line.seen.signals})
    gathering.write(gathered, "held" if gathered.how == "gathered" else gathered.how, now=now, source="held", seen=reasons)
    return gathered.case


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
        drafts = _waiting(HeldDraft.objects.filter(case=case))
        gone = sum(_let_through(draft, now=now) for draft in drafts)
        changed(case, "let_through", by=by, now=now, messages=gone)
    return gone


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
        log.error("held_draft_not_released held=%s problem=%s", held_id, type(problem).__name__)  # noqa: TRY400
        return False


def _waiting(drafts: "Iterable[HeldDraft]") -> list[HeldDraft]:
    """Locked after their conversation, in the order in which they were written."""
    rows = drafts.filter(state="waiting").select_related("conversation__data_key")  # type: ignore[attr-defined]
    return list(rows.order_by("at", "id").select_for_update(of=("self",)))


def _let_through(draft: HeldDraft, *, now: datetime) -> bool:
    """Append it under the id its device gave it: a retry then finds the entry. Who may not write there any more sends nothing."""
    try:
        with transaction.atomic():
            append_released(draft=_draft_of(draft), drafted_at=draft.at, now=now)
    except DomainError as problem:
        log.info("held_draft_refused held=%s code=%s", draft.id, problem.code)
        draft.state = "declined"
    else:
        draft.state = "released"
    draft.body_sealed = None
    draft.save(update_fields=["state", "body_sealed"])
    return draft.state == "released"


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
