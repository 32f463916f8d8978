"""What the phones of a person cost them: bytes by device and month."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models import F, Q, Sum

from accounts.models.people import Person

# One statement a row, so that nothing that two processes add at once is lost.
_ADD = """
    INSERT INTO accounts_datause (person_id, device_id, month, sent, received) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (person_id, device_id, month) DO UPDATE
    SET sent = accounts_datause.sent + excluded.sent, received = accounts_datause.received + excluded.received
"""


class Added(NamedTuple):
    """Bytes that come to what a device used in a month, which is given by its first day."""

    person_id: UUID
    device_id: UUID
    month: date
    sent: int
    received: int


class DataUseManager(models.Manager["DataUse"]):
    def add(self, rows: Iterable[Added]) -> None:
        """Add to what is there; in one order, so that two who add the same rows wait for each other and never in a circle."""
        uuid, date_ = models.UUIDField(), models.DateField()

        def as_kept(row: Added) -> list[Any]:
            ids = [uuid.get_db_prep_value(id_, connection) for id_ in (row.person_id, row.device_id)]
            return [*ids, date_.get_db_prep_value(row.month, connection), row.sent, row.received]

        if values := [as_kept(row) for row in sorted(rows)]:
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, values)

    def totals(self, person_ids: Iterable[UUID], months: Iterable[date]) -> dict[tuple[UUID, date], int]:
        """Bytes by person and month, both directions and all devices together."""
        rows = self.filter(person_id__in=list(person_ids), month__in=list(months)).values("person_id", "month")
        found = rows.annotate(total=Sum(F("sent") + F("received"))).order_by()
        return {(row["person_id"], row["month"]): row["total"] for row in found}


class DataUse(models.Model):
    """A row outlives its device: who signs out has used the bytes all the same."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="data_uses", db_index=False
    )  # the constraint below begins with it
    device_id = models.UUIDField()
    month = models.DateField()  # its first day, in the person's own zone
    sent = models.BigIntegerField()  # by the device
    received = models.BigIntegerField()

    objects: ClassVar[DataUseManager] = DataUseManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="one_count_per_device_and_month", fields=["person", "device_id", "month"]),
            models.CheckConstraint(name="nobody_uses_less_than_nothing", condition=Q(sent__gte=0, received__gte=0)),
        ]

    def __str__(self) -> str:
        return f"data use {self.pk}"
