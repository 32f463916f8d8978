"""Who is there when: shifts, absences with a stand-in, and how much distress somebody looked at today."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import new_id
from programmes.models import Organisation


class Shift(models.Model):
    """Every week on `weekday` (0 Monday) from `begins` until `ends`, in the organisation's zone. An `on_call` one is by phone.

    One that ends at or before it begins ends on the next day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="shifts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    on_call = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Shift"]] = models.Manager()

    class Meta:
        ordering = ("weekday", "begins")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="a_week_has_seven_days"),
            models.UniqueConstraint(fields=["organisation", "person", "weekday", "begins"], name="one_shift_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"shift {str(self.id)[-6:]}"


class Absence(models.Model):
    """Somebody of the staff is away; both days are in. What would come to them comes to the stand-in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_absences")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    first_date = models.DateField()
    last_date = models.DateField()

    objects: ClassVar[models.Manager["Absence"]] = models.Manager()

    class Meta:
        ordering = ("first_date", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="staff_come_back_after_they_left"),
            models.CheckConstraint(condition=Q(stand_in=None) | ~Q(stand_in=F("person")), name="nobody_stands_in_for_themselves"),
        ]

    def __str__(self) -> str:
        return f"absence {str(self.id)[-6:]}"


class Exposure(models.Model):
    """How many distressing cases somebody opened on one day, and whether they were asked how they are."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    date = models.DateField()
    opened = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    wants_a_talk = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Exposure"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "date"], name="one_exposure_a_day"),
        ]

    def __str__(self) -> str:
        return f"exposure {self.pk}"
