"""What the staff do with a case before it is decided, and after."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from core.errors import Invalid
from moderation import deadlines, policy, roster
from moderation.actions import gathering
from moderation.actions.changing import changed, lock, lock_for, lock_held, move, put_back
from moderation.actions.interim import hide_for_now, restore_due
from moderation.errors import AlreadyClaimed, CaseNotFound, NotFromHere, WordsNeeded
from moderation.models import Case, CaseNote
from moderation.permissions import Permission
from moderation.states import Act
from moderation.words import CaseState, Priority

__all__ = [
    "claim", "close", "close_due", "escalate", "hand_over", "hide_for_now", "hold_evidence", "lapse_due", "note", "release", "renew", "restore_due",
    "triage",
]  # fmt: skip

MOST_WORDS = 2_000
QUIET = timedelta(days=7)  # after everybody was told, before a case closes by itself
A_CODE = re.compile(r"[a-z][a-z_]{1,39}")
AT_A_TIME = 200


def triage(case_id: UUID, *, priority: Priority, by: Person, version: int, now: datetime) -> Case:
    """Say how soon somebody must have looked. A deadline that has passed stays where it was.

    :raises Forbidden: :raises CaseNotFound: :raises OwnCircle: :raises AlreadyClaimed: :raises StaleVersion: :raises NotFromHere:
    """
    with transaction.atomic():
        case = lock_for(case_id, by=by, permission=Permission.TRIAGE)
        _ensure_nobody_else_holds(case, by, now=now)
        policy.ensure_version(case, version)
        before = case.priority
        move(case, Act.TRIAGE, now=now)
        _give_priority(case, priority, now=now)
        changed(case, "triaged", by=by, now=now, before=int(before), priority=int(priority))
    return case


def claim(case_id: UUID, *, by: Person, version: int, now: datetime) -> Case:
    """Take a case for as long as a lease lasts. Who holds it already keeps it as it is.

    :raises AlreadyClaimed: a colleague holds it, or was given it. :raises Forbidden: also: it is for leads now.
    :raises CaseNotFound: :raises OwnCircle: :raises StaleVersion: :raises NotFromHere:
    """
    with transaction.atomic():
        case = lock_for(case_id, by=by, permission=Permission.CLAIM)
        if policy.holds(case, by, now=now):
            return case
        policy.ensure_may_claim(case, by, now=now)
        policy.ensure_version(case, version)
        if case.state == CaseState.CLAIMED:  # of somebody whose time was over
            put_back(case, Act.LAPSE, now=now)
            changed(case, "lapsed", by=None, now=now)
        move(case, Act.CLAIM, now=now)
        case.claimed_by, case.lease_until = by, _lease(case, now=now)
        changed(case, "claimed", by=by, now=now)
    return case


def renew(case_id: UUID, *, by: Person, version: int, now: datetime) -> Case:
    """Hold it longer. :raises NotYourClaim: :raises StaleVersion: and as `claim`"""
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.CLAIM, version=version, now=now)
        case.lease_until = _lease(case, now=now)
        changed(case, "renewed", by=by, now=now)
    return case


def release(case_id: UUID, *, by: Person, version: int, now: datetime) -> Case:
    """Give it back for whoever comes. :raises NotYourClaim: :raises StaleVersion: and as `claim`"""
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.CLAIM, version=version, now=now)
        put_back(case, Act.RELEASE, now=now)
        changed(case, "released", by=by, now=now)
    return case


def hand_over(case_id: UUID, *, to: Person, by: Person, version: int, now: datetime) -> Case:
    """Give it to one colleague, who alone claims it next, until it is due.

    :raises Forbidden: also: the colleague may not have it. :raises OwnCircle: also: it is of a circle of theirs.
    :raises CaseNotFound: also: the colleague is of another organisation. :raises NotYourClaim: :raises StaleVersion:
    """
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.HAND_OVER, version=version, now=now)
        policy.ensure_may(to, Permission.CLAIM)
        if to.id == by.id or not policy.belongs_to(to, case.organisation_id):
            raise CaseNotFound
        policy.ensure_not_own_circle(to, case.circle_id)
        put_back(case, Act.RELEASE, now=now)
        policy.ensure_may_claim(case, to, now=now)
        case.handed_to = to
        changed(case, "handed_over", by=by, now=now, to=str(to.id))
    return case


def escalate(case_id: UUID, *, words: str, by: Person, version: int, now: datetime) -> Case:
    """Leave it to a lead, and say why.

    :raises WordsNeeded: :raises AlreadyClaimed: a colleague holds it. :raises StaleVersion: :raises NotFromHere: and as `claim`
    """
    with transaction.atomic():
        case = lock_for(case_id, by=by, permission=Permission.ESCALATE_CASE)
        _ensure_nobody_else_holds(case, by, now=now)
        policy.ensure_version(case, version)
        move(case, Act.ESCALATE, now=now)
        case.handed_to = None
        _keep_note(case, words, by=by, now=now)
        changed(case, "escalated", by=by, now=now)
    return case


def note(case_id: UUID, *, words: str, by: Person, version: int, now: datetime) -> CaseNote:
    """Tell colleagues something; nobody else ever reads it. :raises WordsNeeded: :raises Invalid: too long. and as `renew`"""
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.NOTE, version=version, now=now)
        kept = _keep_note(case, words, by=by, now=now)
        changed(case, "noted", by=by, now=now)
    return kept


def close(case_id: UUID, *, by: Person, version: int, now: datetime) -> Case:
    """Put it away, once everybody was told.

    :raises NotFromHere: :raises StaleVersion: and as `triage`
    """
    with transaction.atomic():
        case = lock_for(case_id, by=by, permission=Permission.DECIDE)
        policy.ensure_version(case, version)
        _put_away(case, by=by, now=now)
    return case


def hold_evidence(case_id: UUID, *, why: str, by: Person, version: int, now: datetime) -> Case:
    """Keep its words past their time, for a reason that is a code; without one they go when their time comes.

    :raises Invalid: no code. :raises StaleVersion: :raises NotFromHere: its words are gone. and as `triage`
    """
    with transaction.atomic():
        case = lock_for(case_id, by=by, permission=Permission.HOLD_EVIDENCE)
        policy.ensure_version(case, version)
        if why and not A_CODE.fullmatch(why):
            raise Invalid(problems={"why": ["Give a code of small letters and underscores, at most 40."]})
        if case.data_key is None:
            raise NotFromHere(state=str(case.state))
        case.held_for = why
        changed(case, "evidence_held" if why else "evidence_let_go", by=by, now=now, why=why)
    return case


def lapse_due(*, now: datetime) -> int:
    """Free what somebody claimed and did not finish in time; how many."""
    over = Case.objects.filter(state=CaseState.CLAIMED, lease_until__lte=now)
    return sum(_lapse(case_id, now=now) for case_id in list(over.order_by("lease_until").values_list("id", flat=True)[:AT_A_TIME]))


def close_due(*, now: datetime) -> int:
    """Put away what everybody was told of a week ago; how many."""
    told = Case.objects.filter(Q(state=CaseState.NOTIFIED, changed_at__lte=now - QUIET))
    done = 0
    for case_id in list(told.order_by("changed_at").values_list("id", flat=True)[:AT_A_TIME]):
        with transaction.atomic():
            case = lock(case_id)
            if case.state == CaseState.NOTIFIED and case.changed_at <= now - QUIET:
                _put_away(case, by=None, now=now)
                done += 1
    return done


def _put_away(case: Case, *, by: Person | None, now: datetime) -> None:
    move(case, Act.CLOSE, now=now)
    changed(case, "closed", by=by, now=now)


def _lapse(case_id: UUID, *, now: datetime) -> bool:
    with transaction.atomic():
        case = lock(case_id)
        if case.state != CaseState.CLAIMED or case.lease_until is None or now < case.lease_until:
            return False
        put_back(case, Act.LAPSE, now=now)
        changed(case, "lapsed", by=None, now=now)
    return True


def _lease(case: Case, *, now: datetime) -> datetime:
    return now + timedelta(minutes=roster.rules_of(case.organisation_id).lease_minutes)


def _ensure_nobody_else_holds(case: Case, by: Person, *, now: datetime) -> None:
    is_held = case.lease_until is not None and now < case.lease_until
    if is_held and case.claimed_by_id != by.id:
        raise AlreadyClaimed


def _give_priority(case: Case, priority: Priority, *, now: datetime) -> None:
    rules = roster.rules_of(case.organisation_id)
    if gathering.raise_to(case, priority, rules=rules, now=now) or priority == case.priority:
        return
    case.priority = priority
    if now < case.due_at:
        case.due_at = case.opened_at + deadlines.term(rules, priority, at_work=True)


def _keep_note(case: Case, words: str, *, by: Person, now: datetime) -> CaseNote:
    if not words.strip():
        raise WordsNeeded
    if len(words) > MOST_WORDS:
        raise Invalid(problems={"words": [f"At most {MOST_WORDS:,} characters."]})
    kept = CaseNote(case=case, by=by, at=now)
    kept.take_words(words.strip())
    kept.save(force_insert=True)
    return kept
