"""Lines that an outside classifier has yet to see, where an organisation chose one."""

from typing import ClassVar

from django.db import models

from chat.models import Conversation


class ToClassify(models.Model):
    """A line by its place; the words stay where they are until they are asked about."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["ToClassify"]] = models.Manager()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="a_line_is_classified_once"),
        ]

    def __str__(self) -> str:
        return f"line to classify {self.pk}"
