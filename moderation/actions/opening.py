"""The content of a case is read here and nowhere else: that somebody reads it is committed before they see a word."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from moderation import names, policy
from moderation.actions import evidence, exposure, holding
from moderation.actions.changing import lock_for, write
from moderation.actions.opened import Flagger, HeldLine, OpenedCase, Reported, ShownLine
from moderation.errors import CaseNotFound
from moderation.models import Case, CaseNote, Evidence, Flag, HeldDraft, Reading, Widening
from moderation.permissions import Permission, may
from moderation.words import Priority

OfCase = TypeVar("OfCase", CaseNote, Widening)
MOST_FLAGS = 100  # the newest; somebody may flag the same a thousand times


def open_case(case_id: UUID, *, by: Person, now: datetime) -> OpenedCase:
    """What was flagged and what stands around it, for whoever holds the case. Never who flagged it.

    Runs in a transaction of its own: the row of the audit log and the readings of each person are there before this returns.

    :raises NotYourClaim: :raises DailyCap: they saw enough today, unless somebody is in danger. :raises Forbidden:
    :raises CaseNotFound: :raises OwnCircle:
    """
    with transaction.atomic(durable=True):
        case = lock_for(case_id, by=by, permission=Permission.READ_CASE)
        policy.ensure_holds(case, by, now=now)
        rows = list(case.evidence.select_related("author__data_key").order_by("seq", "taken_at"))
        flags = list(case.flags.order_by("-at", "-id")[:MOST_FLAGS])[::-1]
        waiting = holding.waiting_in(case)
        is_distressing = exposure.is_distressing(case)
        cannot_wait = case.priority == Priority.DANGER
        seen, most = exposure.count(case, by=by, distresses=is_distressing, cannot_wait=cannot_wait, now=now)
        shows_names = may(by, policy.LEADS_ONLY)
        shown = _whose_words(rows, flags, case) + Counter(draft.sender_id for draft in waiting)
        row = write(case, "read", by=by, now=now, lines=len(rows), held=len(waiting), people=len(shown), names=shows_names, **_ends(rows))
        Reading.objects.bulk_create(
            Reading(case=case, person_id=person_id, by=by, lines=lines, at=now, audit_n=row.n) for person_id, lines in sorted(shown.items())
        )
    return OpenedCase(
        case=case,
        lines=_lines(case, rows, shows_names=shows_names),
        held=_held(case, waiting),
        flags=[Reported(flag.reason, _words_of(flag, case), flag.at) for flag in flags],
        flags_in_all=case.flags.count(),
        signals=list(case.signals.all()),
        notes=_within(case, case.notes.select_related("by__data_key")),
        widenings=_within(case, case.widenings.select_related("asked_by__data_key", "agreed_by__data_key").order_by("asked_at")),
        is_whole=evidence.is_whole(case),
        is_distressing=is_distressing,
        seen_today=seen,
        most_a_day=most,
    )


def who_flagged(case_id: UUID, *, by: Person, now: datetime) -> list[Flagger]:
    """Who did, for a lead who holds the case; each time it is written down. :raises: as `open_case`, but for the cap"""
    with transaction.atomic(durable=True):
        case = lock_for(case_id, by=by, permission=Permission.SEE_WHO_FLAGGED)
        policy.ensure_holds(case, by, now=now)
        flags = list(case.flags.select_related("by__data_key").order_by("-at", "-id")[:MOST_FLAGS])[::-1]
        write(case, "flaggers_seen", by=by, now=now, flags=len(flags))
    speakers = names.speakers_in([case.conversation_id])
    known = [(flag, flag.by) for flag in flags if flag.by is not None]
    return [Flagger(str(speakers[case.conversation_id, by.id]), names.first_name(by), flag.reason, flag.at) for flag, by in known]


def open_media(evidence_id: UUID, *, by: Person, now: datetime) -> tuple[bytes, str]:
    """The photo or voice note that was flagged, and its content type; written down like every reading.

    :raises CaseNotFound: no such thing, nothing kept of it, or somebody changed it. :raises NotYourClaim: :raises Forbidden: :raises OwnCircle:
    """
    policy.ensure_may(by, Permission.READ_CASE)
    place = Evidence.objects.filter(id=evidence_id, media_sealed__isnull=False).values_list("case_id", flat=True).first()
    if place is None:
        raise CaseNotFound
    with transaction.atomic(durable=True):
        case = lock_for(place, by=by, permission=Permission.READ_CASE)
        policy.ensure_holds(case, by, now=now)
        row = case.evidence.get(id=evidence_id)
        written = write(case, "media_read", by=by, now=now, seq=row.seq)
        if row.author_id is not None:
            Reading.objects.create(case=case, person_id=row.author_id, by=by, lines=1, at=now, audit_n=written.n)
    row.case = case
    if case.data_key is None or evidence.verified(row, key=case.data_key.unwrap())[1]:
        raise CaseNotFound
    return row.media, row.media_type


def _whose_words(rows: Sequence[Evidence], flags: Sequence[Flag], case: Case) -> Counter[UUID]:
    """How many things each person wrote that are about to be shown."""
    if case.data_key is None:
        return Counter()
    said = Counter(row.author_id for row in rows if (row.body_sealed or row.media_type) and row.author_id)
    return said + Counter(flag.by_id for flag in flags if flag.words_sealed and flag.by_id)


def _ends(rows: Sequence[Evidence]) -> dict[str, int]:
    return {"first": rows[0].seq, "last": rows[-1].seq} if rows else {}


def _lines(case: Case, rows: Sequence[Evidence], *, shows_names: bool) -> list[ShownLine]:
    speakers = names.speakers_in([case.conversation_id])
    key = case.data_key.unwrap() if case.data_key else None
    return [_line(case, row, key, speakers, shows_names=shows_names) for row in rows]


def _line(
    case: Case, row: Evidence, key: bytes | None, speakers: dict[tuple[UUID, UUID], names.Speaker], *, shows_names: bool
) -> ShownLine:
    row.case = case  # which has its key
    body, is_changed = evidence.verified(row, key=key)
    speaker = speakers.get((case.conversation_id, row.author_id)) if row.author_id else None
    return ShownLine(
        evidence_id=row.id,
        seq=row.seq,
        speaker=names.ORGANISATION if speaker is None else str(speaker),
        name=names.first_name(row.author) if shows_names and row.author is not None else "",
        kind=row.kind,
        at=row.at,
        taken_at=row.taken_at,
        step=row.step,
        body=body,
        media_type=row.media_type,
        has_media=bool(row.media_sealed) and key is not None and not is_changed,
        is_subject=row.seq == case.target_seq if case.target_seq else row.author_id == case.subject_id,
        is_changed=is_changed,
    )


def _held(case: Case, drafts: Sequence[HeldDraft]) -> list[HeldLine]:
    speakers = names.speakers_in([case.conversation_id])
    return [
        HeldLine(
            speaker=str(speakers[case.conversation_id, draft.sender_id]),
            body=holding.words_of(draft),
            at=draft.at,
            until=draft.until,
            is_edit=draft.target_seq is not None,
        )
        for draft in drafts
    ]


def _words_of(flag: Flag, case: Case) -> str:
    flag.case = case
    return flag.words


def _within(case: Case, rows: Iterable[OfCase]) -> list[OfCase]:
    """These rows with the case that has their key, so that none asks for it anew."""
    found = list(rows)
    for row in found:
        row.case = case
    return found
