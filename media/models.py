"""Photos and voice notes: what is known of each, and its sealed bytes."""

from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum

from core.ids import new_id
from programmes.models import Circle

KEPT_UNSENT = timedelta(days=1)  # then the nightly retention takes it


class ItemKind(models.TextChoices):
    PHOTO = "photo"
    VOICE = "voice"


class ItemQuerySet(models.QuerySet["Item"]):
    def uploaded_as(self, *places: tuple[UUID, UUID]) -> Self:
        """What these (person, upload) pairs name."""
        found = Q()
        for owner_id, upload_id in places:
            found |= Q(owner_id=owner_id, upload_id=upload_id)
        return self.filter(found)

    def locked(self) -> Self:
        """Lock the rows in id order until the transaction ends; on SQLite the transaction itself is the lock."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def bytes_of(self, circle_id: UUID) -> int:
        """What a circle keeps, for its quota."""
        return self.filter(circle_id=circle_id).aggregate(total=Sum("size"))["total"] or 0


class Item(models.Model):
    """A photo or voice note that a person uploaded to a conversation. `upload_id` is made by their device.

    `small` and `large` are bytes to fetch, `size` what is kept altogether. `digest` tells a repeated upload from another
    one and is keyed by the conversation's data key. `unsent_since` is empty once a message carries the item.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    upload_id = models.UUIDField()
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="+")
    conversation_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=ItemKind.choices)
    digest = models.BinaryField(max_length=16)
    preview_sealed = models.BinaryField(max_length=64)
    small = models.PositiveIntegerField()
    large = models.PositiveIntegerField(default=0)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    seconds = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveIntegerField()
    unsent_since = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "upload_id"], name="one_item_per_upload"),
            models.CheckConstraint(condition=Q(size__gte=F("small")), name="an_item_keeps_what_it_shows"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unsent_since"], condition=Q(unsent_since__isnull=False), name="items_never_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def is_sendable(self, *, conversation_id: UUID, now: datetime) -> bool:
        """Whether a message in this conversation may still carry it."""
        is_fresh = self.unsent_since is not None and now - self.unsent_since < KEPT_UNSENT
        return is_fresh and self.conversation_id == conversation_id


class Variant(models.Model):
    """One form in which an item can be fetched; `side` is the longest side of a photo in pixels, 0 for a voice note."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="variants", db_index=False)
    side = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=20)
    sealed = models.BinaryField()

    objects: ClassVar[models.Manager["Variant"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "side", "content_type"], name="one_variant_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.content_type} at {self.side} of {self.item_id}"
