"""Somebody does not agree with a decision about them; another person looks again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.ids import new_id
from moderation.models.decisions import Decision
from moderation.models.sealing import open_words, seal_words

_TABLE = "moderation_appeal"


class Appeal(models.Model):
    """One a decision. Who decides on it had no part in the decision."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words_sealed = models.BinaryField(null=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)  # when reviewers were last told that it waits
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lease_until = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # upheld | overturned
    answer_sealed = models.BinaryField(null=True)

    objects: ClassVar[models.Manager["Appeal"]] = models.Manager()

    class Meta:
        ordering = ("due_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | Q(outcome__in=["upheld", "overturned"], decided_at__isnull=False, decided_by__isnull=False),
                name="an_appeal_is_open_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, lease_until=None) | Q(claimed_by__isnull=False, lease_until__isnull=False),
                name="a_claim_of_an_appeal_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"appeal {str(self.id)[-6:]}"

    def take_words(self, words: str) -> None:
        self.words_sealed = seal_words(self.decision.case, words, table=_TABLE, column="words", row_id=self.id)

    @property
    def words(self) -> str:
        return open_words(self.decision.case, self.words_sealed, table=_TABLE, column="words", row_id=self.id)

    def take_answer(self, answer: str) -> None:
        self.answer_sealed = seal_words(self.decision.case, answer, table=_TABLE, column="answer", row_id=self.id)

    @property
    def answer(self) -> str:
        return open_words(self.decision.case, self.answer_sealed, table=_TABLE, column="answer", row_id=self.id)
