"""Reading more around what was flagged: step by step, with a reason, and beyond twenty lines with a second person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from chat.models import Conversation
from core.errors import Invalid
from moderation import policy
from moderation.actions import evidence
from moderation.actions.changing import changed, lock_for, lock_held
from moderation.actions.evidence import AROUND, Window
from moderation.errors import NotFromHere, WideningNotFound, WordsNeeded
from moderation.models import Case, Widening
from moderation.models.cases import ALONE
from moderation.permissions import Permission
from moderation.states import UNDECIDED
from moderation.words import CaseState

MOST = 200


def ask(case_id: UUID, *, lines: int, reason: str, by: Person, version: int, now: datetime) -> Widening:
    """Ask for so many lines on each side: up to twenty they are there at once, more when a second person agrees.

    :raises WordsNeeded: :raises Invalid: no more than there is, or more than 200. :raises NotFromHere: another one waits.
    :raises NotYourClaim: :raises StaleVersion: :raises Forbidden: :raises CaseNotFound: :raises OwnCircle:
    """
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.WIDEN, version=version, now=now)
        if not reason.strip():
            raise WordsNeeded
        granted = [row.lines for row in case.widenings.exclude(granted_at=None)]
        if not max([AROUND, *granted]) < lines <= MOST:
            raise Invalid(problems={"lines": [f"More than there are, and at most {MOST}."]})
        if case.data_key is None or case.widenings.filter(granted_at=None, refused_at=None).exists():
            raise NotFromHere(state=str(case.state))
        widening = Widening(case=case, lines=lines, asked_by=by, asked_at=now)
        widening.take_reason(reason.strip())
        widening.save(force_insert=True)
        if lines <= ALONE:
            _grant(widening, case, by=by, now=now)
        else:
            changed(case, "widening_asked", by=by, now=now, widening=str(widening.id), lines=lines)
    return widening


def agree(widening_id: UUID, *, by: Person, now: datetime) -> Widening:
    """Be the second person. Agreeing again changes nothing.

    :raises OwnDecision: they asked for it themselves. :raises WideningNotFound: also of another organisation.
    :raises NotFromHere: it was refused, or the case is decided. :raises Forbidden: :raises OwnCircle:
    """
    with transaction.atomic():
        widening, case = _locked(widening_id, by=by)
        if widening.granted_at is not None and widening.agreed_by_id == by.id:
            return widening
        _ensure_waits(widening, case)
        widening.agreed_by = by
        _grant(widening, case, by=by, now=now)
    return widening


def refuse(widening_id: UUID, *, by: Person, now: datetime) -> Widening:
    """Say no. :raises: as `agree`"""
    with transaction.atomic():
        widening, case = _locked(widening_id, by=by)
        _ensure_waits(widening, case)
        widening.refused_at = now
        widening.save(update_fields=["refused_at"])
        changed(case, "widening_refused", by=by, now=now, widening=str(widening.id))
    return widening


def _locked(widening_id: UUID, *, by: Person) -> tuple[Widening, Case]:
    policy.ensure_may(by, Permission.AGREE)
    found = Widening.objects.select_related("case").filter(id=widening_id).first()
    if found is None or not policy.belongs_to(by, found.case.organisation_id):
        raise WideningNotFound
    case = lock_for(found.case_id, by=by, permission=Permission.AGREE)
    widening = Widening.objects.get(id=widening_id)  # as it is now that the case is ours
    policy.ensure_had_no_part(by, [widening.asked_by_id])
    widening.case = case
    return widening, case


def _ensure_waits(widening: Widening, case: Case) -> None:
    is_settled = widening.granted_at is not None or widening.refused_at is not None
    if is_settled or case.data_key is None or CaseState(case.state) not in UNDECIDED:
        raise NotFromHere(state=str(case.state))


def _grant(widening: Widening, case: Case, *, by: Person, now: datetime) -> None:
    """Keep the lines beside those that are there; all of the log is within reach, for a reason that stands beside it."""
    widening.granted_at = now
    widening.save(update_fields=["agreed_by", "granted_at"])
    conversation = Conversation.objects.select_related("data_key").get(id=case.conversation_id)
    step = case.widenings.exclude(granted_at=None).count()
    taken = 0
    if (centre := _centre(case)) is not None:
        taken = evidence.freeze(case, conversation, centre=centre, window=Window(), around=widening.lines, step=step, now=now)
    changed(
        case, "widened", by=by, now=now, widening=str(widening.id), around=widening.lines, lines=taken, evidence=evidence.seal_of(case)
    )  # fmt: skip


def _centre(case: Case) -> int | None:
    """The flagged line, or the last one of the flagged person that was kept with the first flag."""
    if case.target_seq is not None:
        return case.target_seq
    kept = case.evidence.filter(step=0, author_id=case.subject_id).order_by("-seq")
    return kept.values_list("seq", flat=True).first()
