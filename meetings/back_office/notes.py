"""Notes that members wrote to their coordinator. Whoever opens one is in the audit log before they read it."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from audit import actions as audit
from chat.errors import ConversationErased
from core.errors import Forbidden
from meetings.models import Report
from programmes import policy


def open_note(report: Report, *, by: Person, now: datetime) -> str:
    """What a member wrote. :raises Forbidden: :raises ConversationErased: :raises CannotOpen:"""
    conversation = report.meeting.conversation
    if not policy.may_answer_for(by, conversation.circle):
        raise Forbidden
    if conversation.data_key is None:
        raise ConversationErased
    detail = {"report": str(report.id), "person": str(report.person_id)}
    with transaction.atomic():
        audit.write(action="meeting.note_opened", by=by.id, subject=f"meeting:{report.meeting_id}", detail=detail, now=now)
    return report.note(key=conversation.data_key.unwrap())
