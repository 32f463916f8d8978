"""A case is decided: on a rule of the house, by somebody who holds it, with its effect and its letters in one transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Person, Role
from core import facts
from core.errors import Invalid
from moderation import policy, roster
from moderation.actions import asking, effects, telling
from moderation.actions.changing import changed, lock_for, lock_held, move
from moderation.clauses import NO_BREACH
from moderation.errors import CaseNotFound, ClauseNeeded, NotFromHere, NotYourClaim, ProposalOpen, SubjectNeeded, WordsNeeded
from moderation.facts import StaffCalled
from moderation.models import Case, Decision
from moderation.permissions import Permission
from moderation.states import Act
from moderation.words import DecisionKind

K = DecisionKind
MOST_WORDS = 2_000
LONGEST = timedelta(days=366)
CAN_BE_APPEALED = timedelta(days=184)  # six months, however long they are
AT_A_TIME = 100
NEEDS: dict[DecisionKind, Permission] = {
    **dict.fromkeys((K.NOTHING, K.NOTE, K.WARN, K.HIDE), Permission.DECIDE),
    **dict.fromkeys((K.PAUSE_CIRCLE, K.PART_WAYS), Permission.DECIDE_FOR_CIRCLE),
    **dict.fromkeys((K.SUSPEND, K.BAN, K.REFER_OUT), Permission.DECIDE_FOR_PERSON),
}


def decide(
    case_id: UUID,
    *,
    kind: DecisionKind,
    clause: str,
    words: str,
    until: datetime | None = None,
    by: Person,
    version: int,
    now: datetime,
) -> Decision:
    """Decide a case that is held. What needs two people is only proposed: the case then waits for another lead.

    `words` are the facts, as the person concerned will read them; `until` ends a pause or a suspension by itself.

    :raises Forbidden: :raises CaseNotFound: :raises OwnCircle: :raises NotYourClaim: :raises StaleVersion: :raises ClauseNeeded:
    :raises WordsNeeded: :raises Invalid: :raises SubjectNeeded: :raises ProposalOpen: :raises NothingToHide: :raises NotInThisState:
    """
    with transaction.atomic():
        effects.lock_before(case_id, kind)
        case = lock_held(case_id, by=by, permission=NEEDS[kind], version=version, now=now)
        _ensure_no_proposal(case)
        _ensure_complete(case, kind, clause, words, until, now=now)
        decision = Decision(case=case, kind=kind, clause=clause, by=by, at=now, until=until)
        decision.take_words(words.strip())
        if kind.needs_two_people:
            _propose(decision, by=by, now=now)
        else:
            _put_in_force(decision, by=by, now=now)
    return decision


def agree(decision_id: UUID, *, by: Person, now: datetime) -> Decision:
    """Be the second person: another lead, who holds the case and so has read it.

    :raises OwnDecision: :raises NotYourClaim: :raises NotFromHere: nothing is proposed any more. and as `decide`
    """
    with transaction.atomic():
        decision = _proposed(decision_id, by=by, now=now)
        policy.ensure_had_no_part(by, {decision.by_id})
        policy.ensure_holds(decision.case, by, now=now)
        decision.agreed_by = by
        _put_in_force(decision, by=by, now=now)
    return decision


def refuse(decision_id: UUID, *, by: Person, now: datetime) -> Decision:
    """The second person does not agree, or who proposed it takes it back; the case is then decided otherwise.

    :raises NotYourClaim: a colleague who does not hold the case. :raises NotFromHere: and as `agree`
    """
    with transaction.atomic():
        decision = _proposed(decision_id, by=by, now=now)
        if by.id != decision.by_id and not policy.holds(decision.case, by, now=now):
            raise NotYourClaim
        decision.refused_at = now
        decision.save(update_fields=["refused_at"])
        changed(decision.case, "proposal_refused", by=by, now=now, decision=str(decision.id), kind=str(decision.kind))
    return decision


def lift(decision_id: UUID, *, by: Person, now: datetime) -> Decision:
    """End a pause, a suspension or a ban before its time, or one that has none; its person is told. Again changes nothing.

    :raises NotFromHere: it takes nothing that could be given back, or no longer holds. :raises Forbidden: :raises CaseNotFound:
    """
    with transaction.atomic():
        decision = _locked(decision_id)
        kind = K(decision.kind)
        case = lock_for(decision.case_id, by=by, permission=NEEDS[kind])
        if decision.ended_at is not None:
            return decision
        if kind not in effects.OF_PERSON | {K.PAUSE_CIRCLE} or not Decision.objects.in_force().filter(id=decision.id).exists():
            raise NotFromHere(state=str(case.state))
        decision.case = case
        _end(decision, by=by, now=now)
    return decision


def end_due(*, now: datetime) -> int:
    """Give back what was taken until a time that has come; how many decisions."""
    ids = list(Decision.objects.over(now=now).order_by("until").values_list("id", flat=True)[:AT_A_TIME])
    return sum(_end_one(decision_id, now=now) for decision_id in ids)


def _propose(decision: Decision, *, by: Person, now: datetime) -> None:
    case = decision.case
    decision.save(force_insert=True)
    move(case, Act.ESCALATE, now=now)
    leads = roster.staff_of(case.organisation_id, Role.LEAD).exclude(id=by.id).values_list("id", flat=True)
    others = roster.strangers_to(case.circle, leads)
    if others:
        facts.record(StaffCalled(tuple(others), what="case", subject_id=case.id, is_urgent=False))
    changed(case, "proposed", by=by, now=now, decision=str(decision.id), kind=str(decision.kind), clause=decision.clause)


def _put_in_force(decision: Decision, *, by: Person, now: datetime) -> None:
    """Effect, letters, then the case: decided, and told in the same moment."""
    case, kind = decision.case, K(decision.kind)
    decision.in_force_at = now
    decision.save()
    also = effects.carry_out(decision, by=by, now=now)
    if kind.is_restriction or "declined" in also:
        decision.appeal_until = now + CAN_BE_APPEALED
        decision.save(update_fields=["appeal_until"])
    letters = telling.tell_of_decision(decision, also=also, now=now)
    asking.of_decision(decision, now=now)
    move(case, Act.REFER if kind is K.REFER_OUT else Act.DECIDE, now=now)
    move(case, Act.NOTIFY, now=now)
    detail = {"decision": str(decision.id), "kind": str(kind), "clause": decision.clause, "letters": letters}
    changed(case, "decided", by=by, now=now, proposed_by=str(decision.by_id) if decision.agreed_by_id else None, **detail)


def _end(decision: Decision, *, by: Person | None, now: datetime) -> None:
    decision.ended_at = now
    decision.save(update_fields=["ended_at"])
    effects.end(decision, by=by, now=now)
    telling.tell_of_end(decision, now=now)
    changed(decision.case, "ended", by=by, now=now, decision=str(decision.id), kind=str(decision.kind))


def _end_one(decision_id: UUID, *, now: datetime) -> bool:
    with transaction.atomic():
        decision = _locked(decision_id)
        if not Decision.objects.over(now=now).filter(id=decision.id).exists():
            return False
        _end(decision, by=None, now=now)
    return True


def _locked(decision_id: UUID) -> Decision:
    """A decision in its locked case, with all that giving back touches. :raises CaseNotFound:"""
    found = Decision.objects.filter(id=decision_id).first()
    if found is None:
        raise CaseNotFound
    effects.lock_before(found.case_id, K(found.kind))
    case = Case.objects.select_related("circle", "conversation", "data_key", "organisation", "subject").locked().get(id=found.case_id)
    found = Decision.objects.get(id=decision_id)
    found.case = case
    return found


def _proposed(decision_id: UUID, *, by: Person, now: datetime) -> Decision:
    """:raises Forbidden: :raises CaseNotFound: :raises OwnCircle: :raises NotFromHere:"""
    policy.ensure_may(by, Permission.AGREE)
    decision = _locked(decision_id)
    decision.case = lock_for(decision.case_id, by=by, permission=Permission.AGREE)
    if not Decision.objects.proposed().filter(id=decision.id).exists():
        raise NotFromHere(state=str(decision.case.state))
    return decision


def _ensure_no_proposal(case: Case) -> None:
    waiting = Decision.objects.proposed().filter(case=case).first()
    if waiting is not None:
        raise ProposalOpen(decision=str(waiting.id))


def _ensure_complete(case: Case, kind: DecisionKind, clause: str, words: str, until: datetime | None, *, now: datetime) -> None:
    policy.ensure_clause(clause)
    if clause == NO_BREACH and kind.is_restriction:
        raise ClauseNeeded
    if kind is not K.NOTHING and not words.strip():
        raise WordsNeeded
    if len(words) > MOST_WORDS:
        raise Invalid(problems={"words": [f"At most {MOST_WORDS:,} characters."]})
    if until is not None and (kind not in {K.PAUSE_CIRCLE, K.SUSPEND} or not now < until <= now + LONGEST):
        raise Invalid(problems={"until": ["Only a pause or a suspension has an end, within a year."]})
    if kind in {K.WARN, *effects.OF_PERSON} and case.subject_id is None:
        raise SubjectNeeded
