"""A member asks for the professional behind their circle."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import Conversation
from core.ids import new_id
from moderation.models.sealing import open_words, seal_words
from moderation.words import Urgency
from privacy.models import DataKey
from programmes.models import Circle

_TABLE = "moderation_escalation"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def locked(self) -> Self:
        """Lock the rows in id order until the transaction ends; on SQLite the transaction itself is the lock."""
        return self.order_by("id").select_for_update(of=("self",), no_key=True)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def unanswered(self) -> Self:
        return self.filter(acknowledged_at=None, closed_at=None)


class Escalation(models.Model):
    """It goes to the circle's own coordinator, and up by itself while nobody acknowledges it.

    `step` is how far up it went: 0 coordinator, 1 deputy, 2 lead, 3 administrator. `escalation_id` is made by the device.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    escalation_id = models.UUIDField()
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="escalations")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="escalations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=12, choices=Urgency)
    data_key = models.OneToOneField(DataKey, on_delete=models.SET_NULL, null=True, related_name="+")
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    step = models.PositiveSmallIntegerField(default=0)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()  # to be acknowledged by whoever has it now
    paged_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closing_note_sealed = models.BinaryField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag aan de begeleider"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["by", "escalation_id"], name="one_escalation_per_escalation_id"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None) | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="somebody_acknowledged_it",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closing_note_sealed__isnull=False, acknowledged_at__isnull=False),
                name="a_closed_escalation_says_what_was_done",
            ),
            models.CheckConstraint(condition=Q(step__lte=3), name="it_climbs_four_steps"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(acknowledged_at=None, closed_at=None), name="escalations_that_wait"),
        ]

    def __str__(self) -> str:
        return f"escalation {str(self.id)[-6:]}"

    def take_words(self, words: str) -> None:
        self.words_sealed = seal_words(self, words, table=_TABLE, column="words", row_id=self.id)

    @property
    def words(self) -> str:
        return open_words(self, self.words_sealed, table=_TABLE, column="words", row_id=self.id)

    def take_closing_note(self, words: str) -> None:
        self.closing_note_sealed = seal_words(self, words, table=_TABLE, column="closing_note", row_id=self.id)

    @property
    def closing_note(self) -> str:
        return open_words(self, self.closing_note_sealed, table=_TABLE, column="closing_note", row_id=self.id)
