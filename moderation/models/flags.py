"""What opens a case: a member's flag, or a signal of the screening."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chat.models import Conversation
from core.ids import new_id
from moderation.models.cases import Case
from moderation.models.sealing import open_words, seal_words
from moderation.words import FlagReason, SignalClass


class Flag(models.Model):
    """A member flagged an entry or a person. Who it was stays with the leads, as long as the words of the case; the flagged person never learns it.

    `flag_id` is made by the device: the same one again is the same flag. A flag belongs to the case that was open.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    flag_id = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # nobody any more: `forgetting`
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="flags")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    target_seq = models.PositiveBigIntegerField(null=True)
    member = models.PositiveSmallIntegerField(null=True)  # the number of the flagged person, where no entry is
    reason = models.CharField(max_length=10, choices=FlagReason)
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Flag"]] = models.Manager()

    class Meta:
        ordering = ("at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["by", "flag_id"], name="one_flag_per_flag_id"),
            models.CheckConstraint(
                condition=Q(target_seq__isnull=False, member=None) | Q(target_seq=None, member__isnull=False),
                name="a_flag_is_on_an_entry_or_a_person",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["by", "at"], name="flags_of_a_person")]

    def __str__(self) -> str:
        return f"flag {str(self.id)[-6:]}"

    def take_words(self, words: str) -> None:
        self.words_sealed = seal_words(self.case, words, table="moderation_flag", column="words", row_id=self.id)

    @property
    def words(self) -> str:
        return open_words(self.case, self.words_sealed, table="moderation_flag", column="words", row_id=self.id)


class Signal(models.Model):
    """The screening saw something in an entry: a class, how serious, and the rule that said so. Never the words."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="signals")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    klass = models.CharField(max_length=7, choices=SignalClass)
    severity = models.PositiveSmallIntegerField()  # 1 low … 4 immediate danger
    reason = models.CharField(max_length=40)  # a stable code of the rule
    source = models.CharField(max_length=40)  # "nl 3": language and version of the list; "detector"; the name of a classifier
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Signal"]] = models.Manager()

    class Meta:
        ordering = ("-severity", "at")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "seq", "klass", "reason"], name="a_rule_speaks_once_of_an_entry"),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="severities_are_one_to_four"),
        ]

    def __str__(self) -> str:
        return f"signal {self.pk}"
