"""Messages of programmes that ask for moderation before: they wait, sealed, outside the log."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat import bodies
from chat.models import Conversation
from core.ids import new_id
from moderation.models.cases import Case
from moderation.models.decisions import Decision


class HeldDraft(models.Model):
    """A draft that waits for a moderator, at most until `until`: then it goes by itself. Sealed under the conversation's key.

    One that was declined keeps its words: whoever looks again reads them, and it goes after all when they say so.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="held_drafts")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    draft_id = models.UUIDField()
    draft_digest = models.BinaryField(max_length=16)
    body_sealed = models.BinaryField(null=True)
    target_seq = models.PositiveBigIntegerField(null=True)  # of an edit
    media_id = models.UUIDField(null=True)  # the id the device uploaded it under
    at = models.DateTimeField()
    until = models.DateTimeField()
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="held_drafts")
    decision = models.ForeignKey(
        Decision, null=True, on_delete=models.SET_NULL, related_name="declined"
    )  # the one that did not let it through
    state = models.CharField(max_length=8, default="waiting")  # waiting | released | declined

    objects: ClassVar[models.Manager["HeldDraft"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sender", "draft_id"], name="a_draft_is_held_once"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "released", "declined"]), name="a_held_draft_waits_or_is_settled"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["until"], condition=Q(state="waiting"), name="held_drafts_that_wait"),
        ]

    def __str__(self) -> str:
        return f"held draft {str(self.id)[-6:]}"

    @property
    def words(self) -> str:
        """What it says; only for who may read the case, and for who wrote it. Empty once it went, or the conversation is erased.

        :raises CannotOpen:
        """
        key = self.conversation.data_key
        if self.body_sealed is None or key is None:
            return ""
        return bodies.open_body(
            bytes(self.body_sealed), key=key.unwrap(), conversation_id=self.conversation_id, entry_id=self.id, sender_id=self.sender_id
        )
