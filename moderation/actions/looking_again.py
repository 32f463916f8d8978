"""What an appeal shows to whoever looks again; that they read it is committed before they see a word."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from audit import actions as audit
from moderation import names
from moderation.actions import appealing
from moderation.models import Appeal, Decision, Evidence, Reading
from privacy.errors import CannotOpen


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line as it was taken; `is_subject`: what was decided on. `body` is empty where nothing is left to read."""

    seq: int
    speaker: str
    at: datetime
    kind: str
    body: str
    is_subject: bool


@dataclass(frozen=True, slots=True)
class OpenedAppeal:
    """The appeal in its person's words, the decision in the words of who took it, and the lines that it was taken on."""

    appeal: Appeal
    decision: Decision
    words: str
    found: str
    lines: list[SeenLine]


def open_appeal(appeal_id: UUID, *, by: Person, now: datetime) -> OpenedAppeal:
    """For whoever holds it. Who flagged is not in it.

    :raises NotYourClaim: :raises OwnDecision: :raises OwnCircle: :raises Forbidden: :raises AppealNotFound: :raises NotFromHere:
    """
    with transaction.atomic(durable=True):
        found = appealing.lock_to_read(appeal_id, by=by, now=now)
        case = found.decision.case
        rows = list(case.evidence.order_by("seq", "taken_at"))
        whose = Counter(row.author_id for row in rows if row.body_sealed and row.author_id) + Counter([found.person_id])
        detail = {"case": str(case.id), "lines": len(rows), "people": len(whose)}
        kept = audit.write(action="appeal.read", by=by.id, subject=f"appeal:{found.id}", detail=detail, now=now)
        Reading.objects.bulk_create(
            Reading(case=case, person_id=person_id, by=by, lines=lines, at=now, audit_n=kept.n)
            for person_id, lines in sorted(whose.items())
        )
    speakers = names.speakers_in([case.conversation_id])
    lines = []
    for row in rows:
        row.case = case  # which has the key
        speaker = speakers.get((case.conversation_id, row.author_id)) if row.author_id else None
        told = names.ORGANISATION if speaker is None else str(speaker)
        is_subject = row.seq == case.target_seq if case.target_seq else row.author_id == case.subject_id
        lines.append(SeenLine(row.seq, told, row.at, row.kind, _body(row), is_subject))
    return OpenedAppeal(found, found.decision, found.words, found.decision.words, lines)


def _body(row: Evidence) -> str:
    try:
        return row.body
    except CannotOpen:  # somebody changed the row
        return ""
