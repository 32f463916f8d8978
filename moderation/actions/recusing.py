"""Somebody of the staff knows these people: they step aside, from this and from every other case of the circle."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Person
from audit import actions as audit
from core import facts
from moderation import policy
from moderation.actions.changing import changed, put_back
from moderation.errors import AppealNotFound, CaseNotFound
from moderation.facts import CaseChanged
from moderation.models import Appeal, Case, Recusal
from moderation.permissions import Permission
from moderation.states import Act
from moderation.words import CaseState


def from_case(case_id: UUID, *, by: Person, now: datetime) -> Recusal:
    """Get no case or appeal of this circle any more, and let go of those in one's hands. Nobody takes it back: a colleague judges instead.

    :raises Forbidden: :raises CaseNotFound: also of another organisation. :raises OwnCircle: they are known to know it already.
    """
    policy.ensure_may(by, Permission.CLAIM)
    place = Case.objects.filter(id=case_id).values_list("organisation_id", "circle_id").first()
    if place is None or not policy.belongs_to(by, place[0]):
        raise CaseNotFound
    return _step_aside(place[1], about=case_id, by=by, now=now)


def from_appeal(appeal_id: UUID, *, by: Person, now: datetime) -> Recusal:
    """:raises Forbidden: :raises AppealNotFound: and as `from_case`"""
    policy.ensure_may(by, Permission.DECIDE_APPEAL)
    place = Appeal.objects.filter(id=appeal_id).values_list("decision__case__organisation_id", "decision__case_id").first()
    if place is None or not policy.belongs_to(by, place[0]):
        raise AppealNotFound
    circle_id = Case.objects.values_list("circle_id", flat=True).get(id=place[1])
    return _step_aside(circle_id, about=place[1], by=by, now=now)


def _step_aside(circle_id: UUID, *, about: UUID, by: Person, now: datetime) -> Recusal:
    with transaction.atomic():
        in_hand = Q(claimed_by=by) | Q(handed_to=by) | Q(id__in=_appeals_held(by).values("decision__case_id"))
        cases = list(Case.objects.locked().filter(in_hand | Q(id=about), circle_id=circle_id))
        appeals = list(
            _appeals_held(by)
            .filter(decision__case__circle_id=circle_id)
            .order_by("id")
            .select_related("decision")
            .select_for_update(of=("self",), no_key=True)
        )
        policy.ensure_not_own_circle(by, circle_id)
        made, _ = Recusal.objects.get_or_create(person=by, circle_id=circle_id, defaults={"at": now})
        for found in appeals:
            _let_go(found, by=by, now=now)
        for case in cases:
            if case.claimed_by_id == by.id and case.state == CaseState.CLAIMED:
                put_back(case, Act.RELEASE, now=now)
            if case.handed_to_id == by.id:
                case.handed_to = None
            changed(case, "recused", by=by, now=now, circle=str(circle_id))
    return made


def _appeals_held(by: Person) -> "QuerySet[Appeal]":
    return Appeal.objects.filter(claimed_by=by)


def _let_go(found: Appeal, *, by: Person, now: datetime) -> None:
    found.claimed_by = found.lease_until = None
    found.version += 1
    found.save()
    facts.record(CaseChanged(found.decision.case_id))
    detail = {"case": str(found.decision.case_id), "version": found.version}
    audit.write(action="appeal.recused", by=by.id, subject=f"appeal:{found.id}", detail=detail, now=now)
