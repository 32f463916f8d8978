"""A member asks for the professional behind their circle; it goes up by itself until somebody says that they saw it."""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import actions as audit
from chat.errors import ConversationNotFound
from chat.models import ConversationMember
from core import facts
from moderation import deadlines, policy, roster
from moderation.actions import climbing, statements
from moderation.errors import (
    AlreadyAcknowledged,
    EscalationNotFound,
    EscalationReused,
    NotFromHere,
    StaleVersion,
    TooManyEscalations,
    WordsNeeded,
)
from moderation.facts import EscalationChanged
from moderation.models import Escalation, Reading
from moderation.permissions import Permission, may
from moderation.words import StatementKind, Urgency
from privacy.models import DataKey

MOST_AN_HOUR = 10
HOUR = timedelta(hours=1)


def escalate(*, by_id: UUID, conversation_id: UUID, escalation_id: UUID, urgency: Urgency, words: str = "", now: datetime) -> Escalation:
    """Give it to whoever answers for the circle today. The same again is the same escalation.

    :raises ConversationNotFound: :raises EscalationReused: :raises TooManyEscalations:
    """
    try:
        with transaction.atomic():
            return _earlier(by_id, conversation_id, escalation_id, urgency, words) or _new(
                by_id, conversation_id, escalation_id, urgency, words, now=now
            )
    except IntegrityError:  # two tries of one device at once
        found = _earlier(by_id, conversation_id, escalation_id, urgency, words)
        if found is None:
            raise
        return found


def acknowledge(escalation_id: UUID, *, by: Person, version: int, now: datetime) -> Escalation:
    """Say that it was seen; from then on it climbs no further. :raises AlreadyAcknowledged: :raises StaleVersion: and as `for_staff`"""
    with transaction.atomic():
        escalation = for_staff(escalation_id, by=by, version=version)
        if escalation.acknowledged_at is not None:
            raise AlreadyAcknowledged
        escalation.acknowledged_at, escalation.acknowledged_by, escalation.assigned_to = now, by, by
        _changed(escalation, "acknowledged", by=by, now=now, step=escalation.step, minutes=int((now - escalation.at).total_seconds() // 60))
    return escalation


def close(escalation_id: UUID, *, note: str, answer: str = "", by: Person, version: int, now: datetime) -> Escalation:
    """Say what was done, for colleagues; `answer` goes to who asked. :raises WordsNeeded: :raises NotFromHere: and as `for_staff`"""
    with transaction.atomic():
        escalation = for_staff(escalation_id, by=by, version=version)
        if not note.strip():
            raise WordsNeeded
        if escalation.acknowledged_at is None or escalation.closed_at is not None:
            raise NotFromHere(state="closed" if escalation.closed_at else "open")
        escalation.closed_at = now
        escalation.take_closing_note(note.strip())
        escalation.save()
        statements.make(
            person_id=escalation.by_id, kind=StatementKind.ESCALATION, escalation=escalation, facts={}, words=answer.strip(), now=now
        )
        _changed(escalation, "closed", by=by, now=now)
    return escalation


def open_escalation(escalation_id: UUID, *, by: Person, now: datetime) -> Escalation:
    """What the member wrote, for who answers; the audit row is written before anything is shown. :raises: as `for_staff`"""
    with transaction.atomic():
        escalation = for_staff(escalation_id, by=by, version=None)
        row = audit.write(action="escalation.read", by=by.id, subject=f"escalation:{escalation.id}", detail={}, now=now)
        if escalation.by_id != by.id:
            Reading.objects.create(case=None, person_id=escalation.by_id, by=by, lines=1, at=now, audit_n=row.n)
    return escalation


def for_staff(escalation_id: UUID, *, by: Person, version: int | None) -> Escalation:
    """Locked, for somebody who may answer it.

    :raises Forbidden: their role answers none. :raises EscalationNotFound: :raises StaleVersion:
    """
    policy.ensure_may(by, Permission.ANSWER_ESCALATION)
    escalation = Escalation.objects.select_related("circle__programme", "data_key").locked().filter(id=escalation_id).first()
    if escalation is None or not may_answer(escalation, by):
        raise EscalationNotFound
    if version is not None and escalation.version != version:
        raise StaleVersion(version=escalation.version)
    return escalation


def may_answer(escalation: Escalation, by: Person) -> bool:
    """Who answers for the circle, to whom it climbed, or a lead of the organisation."""
    if by.id in {escalation.circle.coordinator_id, escalation.circle.deputy_id, escalation.assigned_to_id}:
        return True
    return may(by, policy.LEADS_ONLY) and policy.belongs_to(by, escalation.circle.programme.organisation_id)


def _earlier(by_id: UUID, conversation_id: UUID, escalation_id: UUID, urgency: str, words: str) -> Escalation | None:
    found = Escalation.objects.select_related("data_key").filter(by_id=by_id, escalation_id=escalation_id).first()
    if found is not None and (found.conversation_id, found.urgency, found.words) != (conversation_id, urgency, words.strip()):
        raise EscalationReused
    return found


def _new(by_id: UUID, conversation_id: UUID, escalation_id: UUID, urgency: Urgency, words: str, *, now: datetime) -> Escalation:
    stay = (
        ConversationMember.objects.of(by_id)
        .filter(conversation_id=conversation_id)
        .select_related("conversation__circle__programme__organisation")
        .first()
    )
    if stay is None:
        raise ConversationNotFound
    _ensure_not_too_many(by_id, now=now)
    organisation = stay.conversation.circle.programme.organisation
    zone = ZoneInfo(organisation.zone)
    due_at = deadlines.answer_by(
        urgency,
        zone=zone,
        at_work_from=roster.at_work_from(organisation.id, now=now),
        holidays=roster.holidays_around(now.astimezone(zone).date(), zone),
        now=now,
    )
    escalation = Escalation(
        escalation_id=escalation_id, circle=stay.conversation.circle, conversation_id=conversation_id, by_id=by_id, urgency=urgency,
        data_key=DataKey.objects.make(now=now), at=now, due_at=due_at,
    )  # fmt: skip
    escalation.take_words(words.strip())
    climbing.assign(escalation, from_step=0, now=now)
    escalation.save(force_insert=True)
    climbing.call(escalation)
    detail = {"urgency": str(urgency), "step": escalation.step}
    audit.write(action="escalation.made", by=by_id, subject=f"escalation:{escalation.id}", detail=detail, now=now)
    facts.record(EscalationChanged(escalation.id))
    return escalation


def _ensure_not_too_many(person_id: UUID, *, now: datetime) -> None:
    """:raises TooManyEscalations: more than ten within an hour."""
    recent = Escalation.objects.filter(by_id=person_id, at__gt=now - HOUR).order_by("-at").values_list("at", flat=True)[:MOST_AN_HOUR]
    times = list(recent)
    if len(times) == MOST_AN_HOUR:
        raise TooManyEscalations(retry_after=max(1, ceil((times[-1] + HOUR - now).total_seconds())))


def _changed(escalation: Escalation, what: str, *, by: Person, now: datetime, **detail: int) -> None:
    escalation.version += 1
    escalation.save()
    audit.write(action=f"escalation.{what}", by=by.id, subject=f"escalation:{escalation.id}", detail=dict(detail), now=now)
    facts.record(EscalationChanged(escalation.id))
