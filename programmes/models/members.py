"""Who belongs to a circle, and since when."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Person
from programmes.models.circles import Circle


class MemberRole(models.TextChoices):
    """What somebody is to the others in one circle."""

    PARTICIPANT = "participant", "deelnemer"
    BUDDY = "buddy", "buddy"
    FAMILY = "family", "gezinslid"
    PEER = "peer", "lotgenoot"


class CircleMemberQuerySet(models.QuerySet["CircleMember"]):
    def present(self) -> "CircleMemberQuerySet":
        """Those who have not left or said no."""
        return self.filter(left_at=None)

    def joined(self) -> "CircleMemberQuerySet":
        """Those who may talk with the others."""
        return self.present().filter(joined_at__isnull=False)

    def agreed(self) -> "CircleMemberQuerySet":
        return self.present().filter(agreed_at__isnull=False)


class CircleMember(models.Model):
    """Invited, then agreed, then joined; who comes back later gets a new row."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="circle_memberships")
    role = models.CharField(max_length=16, choices=MemberRole)
    invited_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = CircleMemberQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="person_is_in_a_circle_once", fields=["circle", "person"], condition=Q(left_at=None)),
            models.CheckConstraint(
                name="nobody_joins_without_agreeing",
                condition=Q(joined_at=None) | Q(agreed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"circle member {self.pk}"
