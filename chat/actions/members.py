"""Coming into a conversation, leaving it, and not being disturbed by it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from chat.actions.conversations import tell_everybody
from chat.actions.notes import append_note
from chat.actions.slots import take_seats
from chat.errors import BadRange, ConversationNotFound
from chat.facts import ConversationChanged, MemberLeft
from chat.models import Conversation, ConversationMember, EntryKind
from core import facts

LONGEST_MUTE = timedelta(days=366)


def join(*, conversation_id: UUID, person_id: UUID, role: str, now: datetime) -> ConversationMember:
    """Bring a person in; they see the log from the entry that says so. Somebody who is there already stays as they are."""
    with transaction.atomic():
        conversation = Conversation.objects.locked().get(id=conversation_id)
        present = conversation.members.present().of(person_id).first()
        if present is not None:
            return present
        number = (conversation.members.aggregate(most=Max("number"))["most"] or 0) + 1
        entry = append_note(conversation, kind=EntryKind.JOIN, subject_number=number, now=now)
        member = ConversationMember(conversation=conversation, person_id=person_id, number=number, role=role, joined_seq=entry.seq)
        take_seats([member])
        tell_everybody(conversation)
    return member


def leave(*, by_id: UUID, conversation_id: UUID, now: datetime) -> None:
    """Leave for good; the person keeps what they could see up to here. Leaving twice changes nothing.

    :raises ConversationNotFound: never was in it.
    """
    with transaction.atomic():
        conversation = Conversation.objects.locked().filter(id=conversation_id, members__person_id=by_id).first()
        if conversation is None:
            raise ConversationNotFound
        member = conversation.members.present().of(by_id).first()
        if member is None:
            return
        take_out(conversation, member, author_number=member.number, now=now)


def take_out(conversation: Conversation, member: ConversationMember, *, author_number: int, now: datetime) -> None:
    """End a stay in a conversation that the caller locked; author 0 is the organisation."""
    entry = append_note(conversation, kind=EntryKind.LEAVE, author_number=author_number, subject_number=member.number, now=now)
    member.left_seq = entry.seq
    member.save(update_fields=["left_seq"])
    facts.record(MemberLeft(conversation.id, member.person_id, member.number))
    tell_everybody(conversation, member.person_id)


def mute(*, by_id: UUID, conversation_id: UUID, until: datetime | None, now: datetime) -> None:
    """No notices of this conversation until then.

    :raises ConversationNotFound: :raises BadRange: more than a year ahead.
    """
    if until is not None and (until.tzinfo is None or until > now + LONGEST_MUTE):
        raise BadRange(problem="`until` needs a zone and lies within a year")
    with transaction.atomic():
        mine = ConversationMember.objects.present().of(by_id).filter(conversation_id=conversation_id)
        if not mine.update(muted_until=until):
            raise ConversationNotFound
        facts.record(ConversationChanged(conversation_id, (by_id,)))
