"""Keep an item, tie it to a message, forget it. The caller holds the conversation's lock, and knows who may."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings

from core.ids import new_id
from media import bodies
from media.errors import MediaReused, QuotaFull
from media.models import Item, Variant
from media.workshop.results import Made

MOST_UNSENT = 5  # of one person in one conversation: what is in no message, nobody else could clear away
_MEGABYTE = 1_000_000


def uploaded_before(*, owner_id: UUID, upload_id: UUID, conversation_id: UUID, data: bytes, key: bytes, now: datetime) -> Item | None:
    """The item that this upload made then. One that was never sent is kept a day longer.

    :raises MediaReused: the id was used for other bytes, or elsewhere.
    """
    item = Item.objects.uploaded_as((owner_id, upload_id)).first()
    if item is None:
        return None
    same = bodies.digest(data, key=key, conversation_id=conversation_id)
    if item.conversation_id != conversation_id or bytes(item.digest) != same:
        raise MediaReused
    Item.objects.filter(id=item.id, unsent_since__isnull=False).update(unsent_since=now)
    return item


def ensure_room(*, circle_id: UUID, for_bytes: int = 0) -> None:
    """:raises QuotaFull: this circle keeps as much as it may."""
    if Item.objects.bytes_of(circle_id) + for_bytes >= settings.MAATJE_MEDIA_QUOTA_MB * _MEGABYTE:
        raise QuotaFull


def store(
    *, made: Made, owner_id: UUID, upload_id: UUID, circle_id: UUID, conversation_id: UUID, data: bytes, key: bytes, now: datetime
) -> Item:
    """Seal and keep everything of an upload. Of those that wait to be sent, the oldest beyond `MOST_UNSENT` goes.

    :raises QuotaFull:
    """
    waiting = Item.objects.filter(owner_id=owner_id, conversation_id=conversation_id, unsent_since__isnull=False)
    forget(waiting.order_by("-id").values_list("id", flat=True)[MOST_UNSENT - 1 :])
    item_id = new_id()
    variants = [_variant(form.side, form.content_type, form.data, item_id, conversation_id, key) for form in made.forms]
    preview = bodies.seal(made.preview, key=key, conversation_id=conversation_id, item_id=item_id, form=bodies.PREVIEW)
    size = len(preview) + sum(len(variant.sealed) for variant in variants)
    ensure_room(circle_id=circle_id, for_bytes=size)
    item = Item.objects.create(
        id=item_id,
        owner_id=owner_id,
        upload_id=upload_id,
        circle_id=circle_id,
        conversation_id=conversation_id,
        kind=made.kind,
        digest=bodies.digest(data, key=key, conversation_id=conversation_id),
        preview_sealed=preview,
        small=made.small,
        large=made.large,
        width=made.width,
        height=made.height,
        seconds=made.seconds,
        size=size,
        unsent_since=now,
    )
    Variant.objects.bulk_create(variants)
    return item


def _variant(side: int, content_type: str, data: bytes, item_id: UUID, conversation_id: UUID, key: bytes) -> Variant:
    form = bodies.form_of(side, content_type)
    sealed = bodies.seal(data, key=key, conversation_id=conversation_id, item_id=item_id, form=form)
    return Variant(item_id=item_id, side=side, content_type=content_type, sealed=sealed)


def mark_sent(item_ids: Collection[UUID]) -> None:
    """From now on these belong to messages."""
    Item.objects.filter(id__in=item_ids).update(unsent_since=None)


def forget(item_ids: Collection[UUID]) -> None:
    """Delete items with all their forms."""
    Item.objects.filter(id__in=list(item_ids)).delete()
