"""Somebody does not agree; a person who had no part in the case looks again, and keeps the decision or undoes it."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from audit import actions as audit
from core import facts
from core.errors import Invalid
from moderation import policy, roster
from moderation.actions import appealing, asking, effects, telling
from moderation.actions.changing import changed, lock, move
from moderation.errors import AlreadyClaimed, NothingToAppeal, StatementNotFound, TooLateToAppeal, WordsNeeded
from moderation.facts import CaseChanged, StaffCalled
from moderation.models import Appeal, Case, Decision, Statement
from moderation.states import NEXT, Act
from moderation.words import CaseState, DecisionKind, StatementKind

MOST_WORDS = 2_000
Outcome = Literal["upheld", "overturned"]


def appeal(*, statement_id: UUID, words: str, by: Person, now: datetime) -> Appeal:
    """Ask that somebody else looks again at what a letter told; once a decision, within six months.

    Whoever was shut out may have it done by the coordinator of the circle, or the deputy: they hold no device any more.

    :raises StatementNotFound: also for somebody else's. :raises NothingToAppeal: :raises TooLateToAppeal: :raises WordsNeeded:
    :raises Invalid: too long.
    """
    with transaction.atomic():
        statement = _statement(statement_id, by)
        decision = _lock_decision(statement.decision_id)
        _ensure_can_be_appealed(statement, decision, words, now=now)
        assert decision is not None  # there would be nothing to appeal
        case = decision.case
        made = Appeal(decision=decision, person_id=statement.person_id, at=now, due_at=now + _term(case))
        made.take_words(words.strip())
        made.save(force_insert=True)
        _step(case, Act.APPEAL, now=now)
        people = appealing.free_to_look(made)
        if people:
            facts.record(StaffCalled(tuple(people), what="appeal", subject_id=made.id, is_urgent=False))
        recorded_by = by if by.id != statement.person_id else None  # a member's own act is nobody's in the log
        changed(case, "appealed", by=recorded_by, now=now, appeal=str(made.id), decision=str(decision.id))
    return made


def claim(appeal_id: UUID, *, by: Person, version: int, now: datetime) -> Appeal:
    """Take an appeal for as long as a lease lasts. Who holds it already holds it longer.

    :raises Forbidden: :raises AppealNotFound: also of another organisation. :raises OwnCircle: :raises OwnDecision:
    :raises AlreadyClaimed: :raises StaleVersion: :raises NotFromHere: it was answered.
    """
    with transaction.atomic():
        found = appealing.lock_for(appeal_id, by=by)
        policy.ensure_version(found, version)
        is_held = found.lease_until is not None and now < found.lease_until
        if is_held and found.claimed_by_id != by.id:
            raise AlreadyClaimed
        found.claimed_by = by
        found.lease_until = now + timedelta(minutes=roster.rules_of(found.decision.case.organisation_id).lease_minutes)
        _changed(found, "claimed", by=by, now=now)
    return found


def release(appeal_id: UUID, *, by: Person, version: int, now: datetime) -> Appeal:
    """Give it back. :raises NotYourClaim: and as `claim`"""
    with transaction.atomic():
        found = appealing.lock_held(appeal_id, by=by, version=version, now=now)
        found.claimed_by = found.lease_until = None
        _changed(found, "released", by=by, now=now)
    return found


def decide(appeal_id: UUID, *, outcome: Outcome, words: str, by: Person, version: int, now: datetime) -> Appeal:
    """Keep the decision, or undo it: then what it took is given back, and who had heard otherwise hears so.

    `words` are the reason, as whoever appealed will read it.

    :raises NotYourClaim: :raises WordsNeeded: :raises Invalid: and as `claim`
    """
    with transaction.atomic():
        _lock_all(appeal_id)
        found = appealing.lock_held(appeal_id, by=by, version=version, now=now)
        _ensure_words(words)
        found.outcome, found.decided_by, found.decided_at = outcome, by, now
        found.claimed_by = found.lease_until = None
        found.take_answer(words.strip())
        found.version += 1
        found.save()
        decision = found.decision
        given_back = _overturn(decision, by=by, now=now) if outcome == "overturned" else {}
        telling.tell_of_appeal(found, words=words.strip(), given_back=given_back, now=now)
        _step(decision.case, Act.UPHOLD if outcome == "upheld" else Act.OVERTURN, Act.NOTIFY, now=now)
        changed(decision.case, outcome, by=by, now=now, appeal=str(found.id), decision=str(decision.id))
    return found


def _overturn(decision: Decision, *, by: Person, now: datetime) -> dict[str, Any]:
    decision.overturned_at = now
    decision.save(update_fields=["overturned_at"])
    given_back = effects.undo(decision, by=by, now=now)
    asking.of_undoing(decision, now=now)
    return given_back


def _statement(statement_id: UUID, by: Person) -> Statement:
    found = Statement.objects.select_related("person", "case__circle").filter(id=statement_id).first()
    if found is None or not (found.person_id == by.id or policy.speaks_for(by, found)):
        raise StatementNotFound
    return found


def _lock_decision(decision_id: UUID | None) -> Decision | None:
    """With its case, locked."""
    found = None if decision_id is None else Decision.objects.filter(id=decision_id).first()
    if found is None:
        return None
    case = lock(found.case_id)
    found.refresh_from_db()
    found.case = case
    return found


def _ensure_can_be_appealed(statement: Statement, decision: Decision | None, words: str, *, now: datetime) -> None:
    if decision is None or statement.kind != StatementKind.RESTRICTION or decision.in_force_at is None:
        raise NothingToAppeal
    if decision.overturned_at is not None or Appeal.objects.filter(decision=decision).exists():
        raise NothingToAppeal
    if decision.appeal_until is None or now >= decision.appeal_until or decision.case.data_key_id is None:
        raise TooLateToAppeal
    _ensure_words(words)


def _ensure_words(words: str) -> None:
    if not words.strip():
        raise WordsNeeded
    if len(words) > MOST_WORDS:
        raise Invalid(problems={"words": [f"At most {MOST_WORDS:,} characters."]})


def _term(case: Case) -> timedelta:
    return timedelta(days=roster.rules_of(case.organisation_id).appeal_days)


def _step(case: Case, *acts: Act, now: datetime) -> None:
    """Where the case stands follows the appeal, unless it was taken up again meanwhile: then that goes its own way."""
    for act in acts:
        if (CaseState(case.state), act) in NEXT:
            move(case, act, now=now)


def _lock_all(appeal_id: UUID) -> None:
    place = Appeal.objects.filter(id=appeal_id).values_list("decision__case_id", "decision__kind").first()
    if place is not None:
        effects.lock_before(place[0], DecisionKind(place[1]))


def _changed(found: Appeal, what: str, *, by: Person, now: datetime) -> None:
    """Under the appeal's own name in the log: whoever looks again has no part in the case."""
    found.version += 1
    found.save()
    facts.record(CaseChanged(found.decision.case_id))
    detail = {"case": str(found.decision.case_id), "version": found.version}
    audit.write(action=f"appeal.{what}", by=by.id, subject=f"appeal:{found.id}", detail=detail, now=now)
