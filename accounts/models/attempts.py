"""How often somebody tried: counted in the database, so every process counts in the same place."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.db import connection, models

WINDOW = timedelta(hours=1)

# One statement, so that no two attempts can read the same number.
_COUNT_ONE = """
    INSERT INTO accounts_attemptcount (kind, subject, window_start, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (kind, subject, window_start) DO UPDATE SET count = accounts_attemptcount.count + 1
    RETURNING count
"""


class AttemptCountManager(models.Manager["AttemptCount"]):
    def count_one(self, *, kind: str, subject: bytes, now: datetime) -> int:
        """Count an attempt and say how many there have been this hour, this one included."""
        started = connection.ops.adapt_datetimefield_value(window_start(now))
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_ONE, [kind, subject, started])
            return int(cursor.fetchone()[0])


class AttemptCount(models.Model):
    """Attempts of one kind on one subject in one hour; the subject is a blind index, never an address."""

    kind = models.CharField(max_length=16)
    subject = models.BinaryField(max_length=32)
    window_start = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    objects: ClassVar[AttemptCountManager] = AttemptCountManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="one_count_per_subject_and_hour", fields=["kind", "subject", "window_start"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"


def window_start(now: datetime) -> datetime:
    """The start of the hour, in UTC."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
