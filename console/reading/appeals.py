"""Appeals that somebody may decide, without a word of anybody; and which of them they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from moderation import policy
from moderation.actions.appealing import had_a_part
from moderation.errors import AppealNotFound
from moderation.models import Appeal
from programmes.models import OrganisationMember


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal. `kind` and `clause` are of the decision; `claimer` is the account of who has it, until `lease_until`."""

    id: UUID
    case_id: UUID
    kind: str
    clause: str
    decided_at: datetime
    at: datetime
    due_at: datetime
    version: int
    claimer: str
    is_mine: bool
    lease_until: datetime | None
    outcome: str
    is_automatic: bool  # nobody flagged it: the screening saw it


def rows(person: Person, *, now: datetime) -> list[AppealRow]:
    """Those that wait, by deadline; of cases in which this person had no part, and of circles that they do not know."""
    waiting = _of_organisation(person).filter(outcome="")
    return [_row(one, person, now=now) for one in _free(waiting, person)]


def row(appeal_id: UUID, person: Person, *, now: datetime) -> AppealRow:
    """:raises AppealNotFound: :raises OwnCircle: :raises OwnDecision:"""
    found = _of_organisation(person).filter(id=appeal_id).first()
    if found is None:
        raise AppealNotFound
    policy.ensure_not_own_circle(person, found.decision.case.circle_id)
    if found.decided_by_id != person.id:
        policy.ensure_had_no_part(person, had_a_part(found.decision.case))
    return _row(found, person, now=now)


def _of_organisation(person: Person) -> "QuerySet[Appeal]":
    organisations = OrganisationMember.objects.of(person.id).values("organisation_id")
    return Appeal.objects.filter(decision__case__organisation_id__in=organisations).select_related("decision__case__circle", "claimed_by")


def _free(found: "QuerySet[Appeal]", person: Person) -> Iterator[Appeal]:
    """Those of circles that they do not know, in which they had no part."""
    for one in found.exclude(decision__case__circle_id__in=policy.circles_of(person).values("id")):
        if person.id not in had_a_part(one.decision.case):
            yield one


def _row(found: Appeal, person: Person, *, now: datetime) -> AppealRow:
    case = found.decision.case
    is_held = found.lease_until is not None and now < found.lease_until and not found.outcome
    return AppealRow(
        id=found.id,
        case_id=found.decision.case_id,
        kind=found.decision.get_kind_display(),
        clause=found.decision.clause,
        decided_at=found.decision.at,
        at=found.at,
        due_at=found.due_at,
        version=found.version,
        claimer=found.claimed_by.get_username() if is_held and found.claimed_by else "",
        is_mine=is_held and found.claimed_by_id == person.id,
        lease_until=found.lease_until if is_held else None,
        outcome=found.outcome,
        is_automatic=not found.decision.at_once and not case.was_flagged() and case.was_screened(),
    )
