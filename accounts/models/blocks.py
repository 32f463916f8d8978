"""A block: one person wants to hear nothing from another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models.people import Person


class Block(models.Model):
    blocker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocks_met")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Block"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="one_block_per_pair", fields=["blocker", "blocked"]),
            models.CheckConstraint(name="nobody_blocks_themselves", condition=~Q(blocker=F("blocked"))),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
