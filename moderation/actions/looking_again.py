"""What an appeal shows to whoever looks again; that they read it is committed before they see a word."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from audit import actions as audit
from moderation import names
from moderation.actions import appealing, evidence, exposure, holding
from moderation.errors import AppealNotFound
from moderation.models import Appeal, Case, Decision, Evidence, HeldDraft, Reading


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line as it was taken; `is_subject`: what was decided on. `body` is empty where nothing is left to read.

    `kind` is `held` for a message that was not let through: it never had a `seq`. `is_changed`: somebody changed the kept row since; no word of it is shown. `media_type` of a photo or voice note: see `open_media`.
    """

    seq: int
    speaker: str
    at: datetime
    kind: str
    body: str
    is_subject: bool
    is_changed: bool
    evidence_id: UUID
    media_type: str
    has_media: bool


@dataclass(frozen=True, slots=True)
class OpenedAppeal:
    """The appeal in its person's words, the decision in the words of who took it, and the lines that it was taken on.

    `is_whole`: no line was added or taken away since they were kept.
    """

    appeal: Appeal
    decision: Decision
    words: str
    found: str
    lines: list[SeenLine]
    is_whole: bool
    is_distressing: bool
    seen_today: int  # distressing cases and appeals that its reader opened
    most_a_day: int


def open_appeal(appeal_id: UUID, *, by: Person, now: datetime) -> OpenedAppeal:
    """For whoever holds it. Who flagged is not in it. It counts as a case does: nobody is in danger until it is answered.

    :raises NotYourClaim: :raises DailyCap: they saw enough today. :raises OwnDecision: :raises OwnCircle: :raises Forbidden: :raises AppealNotFound: :raises NotFromHere:
    """
    with transaction.atomic(durable=True):
        found = appealing.lock_to_read(appeal_id, by=by, now=now)
        case = found.decision.case
        is_distressing = exposure.is_distressing(case)
        seen, most = exposure.count(case, by=by, distresses=is_distressing, cannot_wait=False, now=now)
        rows = list(case.evidence.order_by("seq", "taken_at"))
        unsent = holding.declined_by(found.decision)
        whose = Counter(row.author_id for row in rows if row.body_sealed and row.author_id) + Counter([found.person_id])
        whose += Counter(draft.sender_id for draft in unsent)
        detail = {"case": str(case.id), "lines": len(rows), "held": len(unsent), "people": len(whose)}
        kept = audit.write(action="appeal.read", by=by.id, subject=f"appeal:{found.id}", detail=detail, now=now)
        Reading.objects.bulk_create(
            Reading(case=case, person_id=person_id, by=by, lines=lines, at=now, audit_n=kept.n)
            for person_id, lines in sorted(whose.items())
        )
    speakers = names.speakers_in([case.conversation_id])
    key = case.data_key.unwrap() if case.data_key is not None else None
    lines = [_line(row, case, speakers, key) for row in rows] + [_unsent_line(draft, speakers) for draft in unsent]
    return OpenedAppeal(
        appeal=found,
        decision=found.decision,
        words=found.words,
        found=found.decision.words,
        lines=lines,
        is_whole=evidence.is_whole(case),
        is_distressing=is_distressing,
        seen_today=seen,
        most_a_day=most,
    )


def open_media(appeal_id: UUID, evidence_id: UUID, *, by: Person, now: datetime) -> tuple[bytes, str]:
    """The photo or voice note that was decided on, and its content type; written down like every reading.

    :raises AppealNotFound: also: no such thing, nothing kept of it, or somebody changed it. and as `open_appeal`
    """
    with transaction.atomic(durable=True):
        found = appealing.lock_to_read(appeal_id, by=by, now=now)
        case = found.decision.case
        row = case.evidence.filter(id=evidence_id, media_sealed__isnull=False).first()
        if row is None:
            raise AppealNotFound
        detail = {"case": str(case.id), "seq": row.seq}
        kept = audit.write(action="appeal.media_read", by=by.id, subject=f"appeal:{found.id}", detail=detail, now=now)
        if row.author_id is not None:
            Reading.objects.create(case=case, person_id=row.author_id, by=by, lines=1, at=now, audit_n=kept.n)
    row.case = case
    if case.data_key is None or evidence.verified(row, key=case.data_key.unwrap())[1]:
        raise AppealNotFound
    return row.media, row.media_type


def _line(row: Evidence, case: Case, speakers: dict[tuple[UUID, UUID], names.Speaker], key: bytes | None) -> SeenLine:
    row.case = case  # which has the key
    speaker = speakers.get((case.conversation_id, row.author_id)) if row.author_id else None
    body, is_changed = evidence.verified(row, key=key)
    return SeenLine(
        seq=row.seq,
        speaker=names.ORGANISATION if speaker is None else str(speaker),
        at=row.at,
        kind=row.kind,
        body=body,
        is_subject=row.seq == case.target_seq if case.target_seq else row.author_id == case.subject_id,
        is_changed=is_changed,
        evidence_id=row.id,
        media_type=row.media_type,
        has_media=row.media_sealed is not None and not is_changed,
    )


def _unsent_line(draft: HeldDraft, speakers: dict[tuple[UUID, UUID], names.Speaker]) -> SeenLine:
    return SeenLine(
        seq=0,
        speaker=str(speakers[draft.conversation_id, draft.sender_id]),
        at=draft.at,
        kind="held",
        body=draft.words,
        is_subject=True,
        is_changed=False,
        evidence_id=draft.id,
        media_type="",
        has_media=False,
    )
