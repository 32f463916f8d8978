"""Who may look again at a decision: somebody of the organisation without any part in the case. And the locks that they take."""

from datetime import datetime
from uuid import UUID

from accounts.models import Person, Role
from audit.models import AuditRow
from moderation import policy, roster
from moderation.actions.changing import lock
from moderation.errors import AppealNotFound, NotFromHere
from moderation.models import Appeal, Case
from moderation.permissions import Permission


def free_to_look(found: Appeal) -> list[UUID]:
    """Reviewers, or else leads, who had no part in the case and know nobody of its circle."""
    case = found.decision.case
    part = had_a_part(case)
    for role in (Role.REVIEWER, Role.LEAD):
        people = roster.staff_of(case.organisation_id, role).values_list("id", flat=True)
        if free := [id_ for id_ in roster.strangers_to(case.circle, people) if id_ not in part]:
            return free
    return []


def had_a_part(case: Case) -> set[UUID]:
    """Everybody of the staff who ever did something in a case, read it, or decided on it: the audit log knows."""
    acted = set(AuditRow.objects.filter(subject=f"case:{case.id}", actor_id__isnull=False).values_list("actor_id", flat=True))
    decided = case.decisions.values_list("by_id", "agreed_by_id")
    appealed = Appeal.objects.filter(decision__case=case).values_list("decided_by_id", flat=True)
    return {id_ for id_ in (*acted, *(one for pair in decided for one in pair), *appealed) if id_}


def lock_for(appeal_id: UUID, *, by: Person) -> Appeal:
    """The case first, then the appeal.

    :raises Forbidden: :raises AppealNotFound: also of another organisation. :raises OwnCircle: :raises OwnDecision:
    :raises NotFromHere: it was answered.
    """
    policy.ensure_may(by, Permission.DECIDE_APPEAL)
    place = Appeal.objects.filter(id=appeal_id).values_list("decision__case_id", flat=True).first()
    if place is None:
        raise AppealNotFound
    case = lock(place)
    if not policy.belongs_to(by, case.organisation_id):
        raise AppealNotFound
    policy.ensure_not_own_circle(by, case.circle_id)
    found = Appeal.objects.select_related("decision").select_for_update(of=("self",), no_key=True).get(id=appeal_id)
    if found.outcome:
        raise NotFromHere(state=found.outcome)
    policy.ensure_had_no_part(by, had_a_part(case))
    found.decision.case = case
    return found


def lock_to_read(appeal_id: UUID, *, by: Person, now: datetime) -> Appeal:
    """Locked, for whoever holds it. :raises NotYourClaim: and as `lock_for`"""
    found = lock_for(appeal_id, by=by)
    policy.ensure_holds(found, by, now=now)
    return found


def lock_held(appeal_id: UUID, *, by: Person, version: int, now: datetime) -> Appeal:
    """And saw it as it is. :raises NotYourClaim: :raises StaleVersion: and as `lock_for`"""
    found = lock_to_read(appeal_id, by=by, now=now)
    policy.ensure_version(found, version)
    return found
