"""Open what was sealed: previews for a page of the log, and one form of one item."""

from collections.abc import Collection
from uuid import UUID

from media import bodies
from media.errors import MediaNotFound
from media.models import Item, Variant
from privacy.errors import CannotOpen

BEST_FIRST = ("image/avif", "image/webp", "image/jpeg", "audio/ogg")


def by_id(item_ids: Collection[UUID]) -> dict[UUID, Item]:
    return Item.objects.in_bulk(list(item_ids)) if item_ids else {}


def preview_of(item: Item, *, key: bytes) -> bytes:
    """The preview in the clear; one that no longer opens is as good as none."""
    try:
        sealed = bytes(item.preview_sealed)
        return bodies.open_sealed(sealed, key=key, conversation_id=item.conversation_id, item_id=item.id, form=bodies.PREVIEW)
    except CannotOpen:
        return b""


def content_types(item: Item) -> list[str]:
    """In which forms it can be fetched, the one with the fewest bytes first."""
    found = set(Variant.objects.filter(item_id=item.id).values_list("content_type", flat=True))
    return [content_type for content_type in BEST_FIRST if content_type in found]


def form(item: Item, *, side: int, content_type: str, key: bytes) -> bytes:
    """The bytes of an item at this side, or at the largest below it.

    :raises MediaNotFound: it is not there, or no longer opens.
    """
    rows = Variant.objects.filter(item_id=item.id, content_type=content_type, side__lte=side)
    found = rows.order_by("-side").first()
    if found is None:
        raise MediaNotFound
    name = bodies.form_of(found.side, content_type)
    try:
        return bodies.open_sealed(bytes(found.sealed), key=key, conversation_id=item.conversation_id, item_id=item.id, form=name)
    except CannotOpen:
        raise MediaNotFound from None
