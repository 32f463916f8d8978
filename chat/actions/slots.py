"""The small numbers by which a person's devices call their conversations."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from chat.models import ConversationMember

MOST_TRIES = 5


def take_seats(stays: Iterable[ConversationMember]) -> None:
    """Store new stays, each under its person's slot: the one of an earlier stay here, or the next that is free.

    Two conversations that take the same person at the same moment both want the same slot; the database lets one have it
    and the other tries the next. A lock on the person instead would meet those of people who are being changed.
    """
    for stay in stays:
        for tries_left in reversed(range(MOST_TRIES)):
            stay.slot = _slot(stay.person_id, stay.conversation_id)
            try:
                with transaction.atomic():
                    stay.save(force_insert=True)
                break
            except IntegrityError:
                if not tries_left or _is_taken_otherwise(stay):
                    raise


def _slot(person_id: UUID, conversation_id: UUID) -> int:
    mine = ConversationMember.objects.of(person_id)
    known = mine.filter(conversation_id=conversation_id).values_list("slot", flat=True).first()
    return known if known is not None else (mine.aggregate(most=Max("slot"))["most"] or 0) + 1


def _is_taken_otherwise(stay: ConversationMember) -> bool:
    """It was not the slot that somebody else has: the number, or the stay itself."""
    here = ConversationMember.objects.filter(conversation_id=stay.conversation_id)
    return here.filter(number=stay.number).exists() or here.present().of(stay.person_id).exists()
