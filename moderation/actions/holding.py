"""What becomes of messages that wait for a moderator: they go, they wait on, or they go nowhere and their sender gets a letter."""

import logging
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import models, transaction

from accounts.models import Person
from chat.actions.entries import append_released
from chat.drafts import Draft
from chat.errors import ConversationPaused
from chat.models import Conversation
from core.errors import DomainError
from moderation.actions.changing import changed, lock_held
from moderation.errors import ProposalOpen
from moderation.models import Case, Decision, HeldDraft
from moderation.permissions import Permission

log = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)  # before another try, where the conversation rests or a second person is to agree
AT_ONCE = 20  # messages in one transaction: some 40 ms
Fate = Literal["sent", "waits", "lost"]


def release(case_id: UUID, *, by: Person, version: int, now: datetime) -> int:
    """Let through what waits in a case that somebody holds; how many went. The case itself is decided as any other.

    :raises NotYourClaim: :raises StaleVersion: :raises Forbidden: :raises CaseNotFound: :raises OwnCircle: :raises ProposalOpen:
    """
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.DECIDE, version=version, now=now, with_conversation=True)
        _ensure_no_proposal(case)
        gone = let_go(case, now=now)
        changed(case, "let_through", by=by, now=now, messages=gone)
    return gone


def let_go(case: Case, *, now: datetime) -> int:
    """The same as part of a decision that takes nothing from anybody; its conversation and the case are locked.

    Others wait for this transaction: what more than `AT_ONCE` wait, goes by itself within the minute, one by one.
    """
    found = _waiting(HeldDraft.objects.filter(case=case))
    fates = [_let_through(draft, now=now) for draft in found[:AT_ONCE]]
    if "waits" not in fates:
        HeldDraft.objects.filter(id__in=[draft.id for draft in found[AT_ONCE:]]).update(until=now)
    return fates.count("sent")


def waiting_in(case: Case) -> list[HeldDraft]:
    """What waits in a case, in the order in which it was written. `words_of` opens them, once that is written down."""
    return list(HeldDraft.objects.filter(case=case, state="waiting").select_related("conversation__data_key").order_by("at", "id"))


def declined_by(decision: Decision) -> list[HeldDraft]:
    """What a decision did not let through, as it was written."""
    return list(decision.declined.filter(state="declined").select_related("conversation__data_key").order_by("at", "id"))


def decline(decision: Decision) -> int:
    """What waits in its case goes nowhere; in the transaction of the decision, whose letter says so. How many."""
    waiting = HeldDraft.objects.filter(case_id=decision.case_id, state="waiting")
    return waiting.update(state="declined", decision=decision)


def give_back(decision: Decision, *, now: datetime) -> str:
    """A decision was undone: what it did not let through goes after all, as far as it still can. Its conversation and case are locked.

    Gives what its letter must say: `sent` (all of it), `some`, `waits` (the conversation rests), `again` (none could go), or nothing.
    """
    declined = decision.declined.filter(state="declined").select_related("conversation__data_key").order_by("at", "id")
    fates = {_let_through(draft, now=now) for draft in declined.select_for_update(of=("self",))}
    if "waits" in fates:
        return "waits"
    if "sent" in fates:
        return "some" if "lost" in fates else "sent"
    return "again" if fates else ""


def release_due(*, now: datetime) -> int:
    """Let through whatever nobody looked at in time; each in a transaction of its own. How many went."""
    due = HeldDraft.objects.filter(state="waiting", until__lte=now).order_by("until", "id").values_list("id", "conversation_id")
    return sum(_release_one(held_id, conversation_id, now=now) for held_id, conversation_id in list(due))


def forget(person_id: UUID) -> None:
    """What somebody wrote and nobody got goes with them, in the transaction that erases them."""
    HeldDraft.objects.filter(sender_id=person_id).exclude(state="released").delete()


def words_of(draft: HeldDraft) -> str:
    """What it says; only for who may read the case."""
    return draft.words


def _ensure_no_proposal(case: Case) -> None:
    """Whoever would agree to a ban answers that first. :raises ProposalOpen:"""
    if waiting := Decision.objects.proposed().filter(case=case).first():
        raise ProposalOpen(decision=str(waiting.id))


def _release_one(held_id: UUID, conversation_id: UUID, *, now: datetime) -> bool:
    try:
        with transaction.atomic():
            list(Conversation.objects.locked().filter(id=conversation_id))
            return any(_released(draft, now=now) for draft in _waiting(HeldDraft.objects.filter(id=held_id)))
    except Exception as problem:  # the others do not wait for this one
        log.error("held_draft_not_released held=%s problem=%s", held_id, type(problem).__name__)  # noqa: TRY400  # a traceback may hold the message
        return False


def _released(draft: HeldDraft, *, now: datetime) -> bool:
    """While a ban is proposed its case is undecided whatever the hour: what waits in it is not published meanwhile."""
    if draft.case_id is not None and Decision.objects.proposed().filter(case_id=draft.case_id).exists():
        _wait_on(draft, now=now)
        return False
    return _let_through(draft, now=now) == "sent"


def _waiting(drafts: models.QuerySet[HeldDraft]) -> list[HeldDraft]:
    """Locked after their conversation, in the order in which they were written."""
    rows = drafts.filter(state="waiting").select_related("conversation__data_key")
    return list(rows.order_by("at", "id").select_for_update(of=("self",)))


def _let_through(draft: HeldDraft, *, now: datetime) -> Fate:
    """Append it under the id its device gave it: a retry then finds the entry. While the conversation rests it waits on.

    What may not go there any more (an end, a block, a message that was taken back) is forgotten here, not declined: its device still
    has it, says it again after `until`, and hears then why not, as of any other message.
    """
    try:
        with transaction.atomic():
            append_released(draft=_draft_of(draft), drafted_at=draft.at, now=now)
    except ConversationPaused:
        _wait_on(draft, now=now)
        return "waits"
    except DomainError as problem:
        log.info("held_draft_refused held=%s code=%s", draft.id, problem.code)
        draft.delete()
        return "lost"
    draft.state, draft.body_sealed = "released", None
    draft.save(update_fields=["state", "body_sealed"])
    return "sent"


def _wait_on(draft: HeldDraft, *, now: datetime) -> None:
    """Its device, which asks when `until` is over, is told the new one."""
    draft.state, draft.until = "waiting", max(draft.until, now + AGAIN)
    draft.save(update_fields=["state", "until"])


def _draft_of(draft: HeldDraft) -> Draft:
    kind = "message" if draft.target_seq is None else "edit"
    place = (draft.sender_id, draft.conversation_id, draft.draft_id)
    return Draft(*place, kind, draft.words, draft.target_seq, media=draft.media_id)  # type: ignore[arg-type]  # one of two literals
