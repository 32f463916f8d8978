"""What a decision asks of whoever answers for a circle."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Person
from core.ids import new_id
from moderation.models.decisions import Decision
from moderation.words import AskedOfCircle
from programmes.models import Circle


class CircleTaskQuerySet(models.QuerySet["CircleTask"]):
    def open(self) -> Self:
        """Those that nobody saw yet, of decisions that still hold; that one was undone is itself something to see."""
        return self.filter(seen_at=None).filter(Q(decision__overturned_at=None, decision__ended_at=None) | Q(what=AskedOfCircle.UNDONE))

    def of(self, person: Person) -> Self:
        """Those of the circles that this person answers for now."""
        return self.filter(Q(circle__coordinator=person) | Q(circle__deputy=person))


class CircleTask(models.Model):
    """One thing for the coordinator or the deputy, whoever sees it first. It names a decision; it holds no word of anybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=12, choices=AskedOfCircle)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CircleTaskQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["decision", "what"], name="a_decision_asks_a_thing_once"),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="what_is_seen_was_seen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"task {str(self.id)[-6:]}"
