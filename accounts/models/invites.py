"""An invite: ten characters on paper that let one device in, once."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models.people import Person
from core.ids import new_id

INVITE_LASTS = timedelta(days=7)


class InviteQuerySet(models.QuerySet["Invite"]):
    def usable(self, *, now: datetime) -> "InviteQuerySet":
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)


class Invite(models.Model):
    """Only the keyed digest of the code is kept, so a copy of the database lets nobody in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invites")
    code_digest = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="invite_is_used_or_revoked_not_both", condition=Q(used_at=None) | Q(revoked_at=None)),
            models.CheckConstraint(name="invite_expires_after_it_was_made", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return f"invite {str(self.id)[-6:]}"
