"""What every change of a case has in common: lock it, ask the policy, count it, write what happened."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Person
from audit import actions as audit
from audit.models import AuditRow
from chat.models import Conversation
from core import facts
from moderation import policy
from moderation.errors import CaseNotFound
from moderation.facts import CaseChanged
from moderation.models import Case
from moderation.permissions import Permission
from moderation.states import Act
from moderation.words import CaseState

A_MOMENT = timedelta(microseconds=1)


def lock(case_id: UUID, *, with_conversation: bool = False) -> Case:
    """The case as it is now, which nobody else changes until this transaction ends.

    Whoever goes on to write in its log, or to whom it is about, asks for both too; they are locked first, as everywhere in the
    house: people, conversations, cases, the audit log. :raises CaseNotFound:
    """
    if with_conversation:
        about = Case.objects.filter(id=case_id)
        list(Person.objects.filter(id__in=about.values("subject_id")).select_for_update(of=("self",), no_key=True))
        list(Conversation.objects.locked().filter(id__in=about.values("conversation_id")))
    related = Case.objects.select_related("circle", "conversation", "data_key", "organisation", "subject")
    case = related.locked().filter(id=case_id).first()
    if case is None:
        raise CaseNotFound
    return case


def lock_for(case_id: UUID, *, by: Person, permission: Permission, with_conversation: bool = False) -> Case:
    """Locked, for one of its organisation whose role does such things and who knows nobody of its circle.

    :raises Forbidden: :raises CaseNotFound: also for a case of another organisation. :raises OwnCircle:
    """
    policy.ensure_may(by, permission)
    case = lock(case_id, with_conversation=with_conversation)
    if not policy.belongs_to(by, case.organisation_id):
        raise CaseNotFound
    policy.ensure_not_own_circle(by, case.circle_id)
    return case


def lock_held(case_id: UUID, *, by: Person, permission: Permission, version: int, now: datetime, with_conversation: bool = False) -> Case:
    """Locked, for whoever holds it and saw it as it is. :raises NotYourClaim: :raises StaleVersion: and as `lock_for`"""
    case = lock_for(case_id, by=by, permission=permission, with_conversation=with_conversation)
    policy.ensure_holds(case, by, now=now)
    policy.ensure_version(case, version)
    return case


def move(case: Case, act: Act, *, now: datetime) -> None:
    """Take a locked case where an act leads; the caller says so with `changed`. :raises NotFromHere:"""
    case.state = policy.next_state(case.state, act)
    if case.state != CaseState.CLAIMED:
        case.claimed_by = case.lease_until = None
    if act in {Act.CLAIM, Act.DECIDE, Act.REFER, Act.REOPEN}:
        case.handed_to = None
    if act in {Act.DECIDE, Act.REFER}:
        case.decided_at = now
        case.for_leads = False
    elif act is Act.ESCALATE:
        case.for_leads = True
    elif act is Act.REOPEN:
        case.decided_at = case.paged_at = case.interim_at = None
        case.opened_at, case.hand_ups, case.for_leads = now, 0, False
    case.closed_at = now if case.state == CaseState.CLOSED else None


def put_back(case: Case, act: Act, *, now: datetime) -> None:
    """Nobody holds it any more: one that is for leads waits for them, the others for whoever comes."""
    move(case, Act.ESCALATE if case.for_leads else act, now=now)


def changed(case: Case, what: str, *, by: Person | None, now: datetime, **detail: object) -> AuditRow:
    """Count a change of a locked case, tell who looks, and write it down; last, for the end of the audit log is everybody's lock."""
    save(case, now=now)
    return write(case, what, by=by, now=now, **detail)


def save(case: Case, *, now: datetime, counts: bool = True) -> None:
    """Save and tell who looks. One that does not count leaves valid what a colleague is looking at."""
    case.version += counts
    case.changed_at = max(now, case.changed_at + A_MOMENT)  # two changes of one instant are two
    case.save()
    facts.record(CaseChanged(case.id))


def write(case: Case, what: str, *, by: Person | None, now: datetime, **detail: object) -> AuditRow:
    """The row of the audit log: identifiers and codes alone."""
    told = {"state": str(case.state), "version": case.version, **detail}
    return audit.write(action=f"case.{what}", by=by.id if by else None, subject=f"case:{case.id}", detail=told, now=now)
