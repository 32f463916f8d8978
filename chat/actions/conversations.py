"""The life of a conversation, which follows the life of its circle."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from chat.actions.notes import append_note
from chat.actions.slots import take_seats
from chat.facts import ConversationChanged
from chat.models import Concealment, Conversation, ConversationMember, EntryKind
from core import facts
from privacy.models import DataKey
from programmes.models import Circle, CircleMember
from programmes.states import CircleKind


def open_for(*, circle_id: UUID, member_ids: Sequence[UUID], now: datetime) -> Conversation:
    """Give a circle its conversation; a circle that has one keeps it."""
    with transaction.atomic():
        circle = Circle.objects.get(id=circle_id)
        existing = Conversation.objects.filter(circle=circle).first()
        if existing is not None:
            return existing
        conversation = Conversation.objects.create(
            circle=circle, data_key=DataKey.objects.make(now=now), is_pair=circle.kind == CircleKind.PAIR, made_at=now
        )
        roles = dict(CircleMember.objects.filter(circle=circle).values_list("person_id", "role"))
        take_seats(
            ConversationMember(conversation=conversation, person_id=person_id, number=number, role=roles[person_id])
            for number, person_id in enumerate(member_ids, start=1)
        )
        tell_everybody(conversation)
    return conversation


def pause(*, conversation_id: UUID, now: datetime) -> None:
    """Nobody writes until it is resumed; its circle tells only once."""
    _set(conversation_id, paused_at=now)


def resume(*, conversation_id: UUID) -> None:
    _set(conversation_id, paused_at=None)


def _set(conversation_id: UUID, *, paused_at: datetime | None) -> None:
    with transaction.atomic():
        conversation = Conversation.objects.locked().get(id=conversation_id)
        conversation.paused_at = paused_at
        conversation.save(update_fields=["paused_at"])
        tell_everybody(conversation)


def conceal(*, blocker_id: UUID, blocked_id: UUID) -> None:
    """From the next line on, one person reads nothing of another where they meet in groups; in pairs nobody can write."""
    with transaction.atomic():
        shared = list(Conversation.objects.shared_by(blocker_id, blocked_id).locked())  # the pairs too: their writers wait
        Concealment.objects.bulk_create(
            Concealment(conversation=group, blocker_id=blocker_id, blocked_id=blocked_id, from_seq=group.last_seq + 1)
            for group in shared
            if not group.is_pair
        )


def reveal(*, blocker_id: UUID, blocked_id: UUID) -> None:
    """The block is lifted; what was said meanwhile may be read."""
    Concealment.objects.filter(blocker_id=blocker_id, blocked_id=blocked_id).delete()


def close_at(*, conversation_id: UUID, closes_at: datetime, now: datetime) -> None:
    """Let the conversation take messages until then; at once when that time has come. The earliest time stands."""
    with transaction.atomic():
        conversation = Conversation.objects.locked().get(id=conversation_id)
        if conversation.closed_at is not None:
            return
        conversation.closes_at = min(conversation.closes_at or closes_at, closes_at)
        conversation.save(update_fields=["closes_at"])
        if conversation.closes_at <= now:
            _close(conversation, now=now)
        tell_everybody(conversation)


def close_due(*, now: datetime) -> int:
    """Write the last line of every conversation whose grace is over; says how many there were."""
    ids = list(Conversation.objects.due_to_close(now=now).values_list("id", flat=True)[:100])
    for id_ in ids:
        with transaction.atomic():
            conversation = Conversation.objects.locked().get(id=id_)
            if conversation.closed_at is None:
                _close(conversation, now=now)
                tell_everybody(conversation)
    return len(ids)


def _close(conversation: Conversation, *, now: datetime) -> None:
    append_note(conversation, kind=EntryKind.CLOSE, now=now)
    conversation.closed_at = now
    conversation.save(update_fields=["closed_at"])


def tell_everybody(conversation: Conversation, *also: UUID) -> None:
    """The card changed: those present hear of it, and whoever has just left."""
    Conversation.objects.filter(id=conversation.id).update(card_version=F("card_version") + 1)
    people = conversation.members.present().values_list("person_id", flat=True)
    facts.record(ConversationChanged(conversation.id, (*people, *also)))
