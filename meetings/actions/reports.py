"""Whether a meeting took place, as a member says it to the coordinator. Neither answer is better, and nobody counts them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat.bodies import ensure_body
from chat.errors import ConversationErased, ConversationNotFound
from chat.frames import MAX_NOTE, Held, Meeting, MeetingTime
from chat.models import ConversationMember
from meetings.dates import change_on, time_on
from meetings.errors import MeetingCancelled, MeetingNotFound, NoSuchDate, NoteTooLong, NotOverYet
from meetings.models import Meeting as Row
from meetings.models import Report


def report(held: Held, *, by_id: UUID, now: datetime) -> None:
    """Keep what a member says; whoever says something else later, means that.

    :raises ConversationNotFound: :raises ConversationErased: :raises MeetingNotFound: :raises MeetingCancelled: :raises NoSuchDate:
    :raises NotOverYet: :raises NoteTooLong: :raises BodyInvalid:
    """
    note = _clean(held.note)
    with transaction.atomic():
        row, key = _found(held, by_id=by_id)
        date = held.date or ""
        if _time(row.plan(key=key), date, now=now).at > now:
            raise NotOverYet
        said = Report.objects.filter(meeting=row, date=date, person_id=by_id).first() or Report(meeting=row, date=date, person_id=by_id)
        said.took_place, said.at = held.took_place, now
        said.take_note(note, key=key)
        said.save()


def _clean(note: str) -> str:
    if len(note) > MAX_NOTE:
        raise NoteTooLong(limit=MAX_NOTE)
    note = note.strip()
    if note:
        ensure_body(note)
    return note


def _found(held: Held, *, by_id: UUID) -> tuple[Row, bytes]:
    here = ConversationMember.objects.present().of(by_id).filter(conversation_id=held.conversation)
    member = here.select_related("conversation__data_key").first()
    if member is None:
        raise ConversationNotFound
    if member.conversation.data_key is None:
        raise ConversationErased
    row = Row.objects.locked().filter(conversation_id=held.conversation, number=held.meeting).first()  # two taps come one after the other
    if row is None:
        raise MeetingNotFound
    return row, member.conversation.data_key.unwrap()


def _time(meeting: Meeting, date: str, *, now: datetime) -> MeetingTime:
    """When it was, or is to be."""
    if meeting.state == "cancelled":
        raise MeetingCancelled
    if bool(meeting.repeat) != bool(date):
        raise NoSuchDate
    if not date:
        return meeting.times[0]
    if change_on(meeting, date, now=now).cancelled:
        raise MeetingCancelled
    return time_on(meeting, date)
