"""Where a kept photo or voice note belongs, for the page around it. Nothing of it is opened here, so nobody read anything."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from console.reading import appeals, cases
from moderation import policy
from moderation.errors import AppealNotFound, CaseNotFound, NotYourClaim
from moderation.models import Evidence


@dataclass(frozen=True, slots=True)
class Kept:
    """One of them; `case_id` is where to go back to."""

    id: UUID
    case_id: UUID
    is_voice: bool


def of_case(evidence_id: UUID, person: Person, *, now: datetime) -> Kept:
    """:raises CaseNotFound: also another organisation's, or a line without either. :raises OwnCircle: :raises NotYourClaim:"""
    row = _with_media().filter(id=evidence_id).first()
    if row is None:
        raise CaseNotFound
    policy.ensure_holds(cases.case_for(row.case_id, person), person, now=now)
    return _kept(row)


def of_appeal(appeal_id: UUID, evidence_id: UUID, person: Person, *, now: datetime) -> Kept:
    """:raises AppealNotFound: also: no line of its case. :raises OwnCircle: :raises OwnDecision: :raises NotYourClaim:"""
    appeal = appeals.row(appeal_id, person, now=now)
    row = _with_media().filter(id=evidence_id, case_id=appeal.case_id).first()
    if row is None:
        raise AppealNotFound
    if not appeal.is_mine:
        raise NotYourClaim
    return _kept(row)


def _with_media() -> "QuerySet[Evidence]":
    return Evidence.objects.filter(media_sealed__isnull=False).only("id", "case_id", "media_type")


def _kept(row: Evidence) -> Kept:
    return Kept(row.id, row.case_id, "audio" in row.media_type)
