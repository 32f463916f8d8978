"""Taking in photos and voice notes, for messages to come."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat import bodies
from chat.actions.desk import Desk
from chat.drafts import Draft
from chat.frames import Media
from chat.models import Conversation
from media import crafting
from media.actions import items
from media.models import Item
from media.workshop.results import Made


def upload(*, by_id: UUID, conversation_id: UUID, upload_id: UUID, data: bytes, now: datetime) -> Media:
    """Keep a photo or voice note until a message carries it. The same bytes under the same id change nothing.

    :raises DomainError: whatever refuses a message there now.
    :raises MediaReused: :raises QuotaFull: :raises MediaUnknownKind: :raises MediaTooBig: :raises MediaTooLong: :raises MediaBroken:
    :raises TryAgain: too much is being made at once.
    """
    wanted = Draft(by_id, conversation_id, upload_id)
    return _taken(wanted, data, now, made=None) or _made(wanted, data, now)


def _made(wanted: Draft, data: bytes, now: datetime) -> Media:
    """Make it while no lock is held, then look again."""
    media = _taken(wanted, data, now, made=crafting.make(data, by_id=wanted.person_id))
    assert media is not None  # it is, once it is made
    return media


def _taken(wanted: Draft, data: bytes, now: datetime, *, made: Made | None) -> Media | None:
    """What there is after this; nothing when it still has to be made."""
    with transaction.atomic():
        desk = Desk.load([wanted])
        conversation, _ = desk.admit(wanted, now=now)
        key = desk.key(conversation)
        about = {"owner_id": wanted.person_id, "upload_id": wanted.draft_id, "conversation_id": conversation.id}
        item: Item | None = items.uploaded_before(**about, data=data, key=key, now=now)
        if item is None:
            circle_id = Conversation.objects.values_list("circle_id", flat=True).get(id=conversation.id)
            items.ensure_room(circle_id=circle_id)
            if made is not None:
                item = items.store(**about, made=made, circle_id=circle_id, data=data, key=key, now=now)
    return None if item is None else bodies.media_of(item, key=key)
