"""The audit log: rows that are written once, each carrying the hash of the one before."""

from typing import ClassVar

from django.db import models


class AuditRow(models.Model):
    """Who did what to whom, when. Holds identifiers and codes, never content."""

    n = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # null: the system itself
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=96)
    detail = models.JSONField()
    salt = models.BinaryField(max_length=16)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    objects: ClassVar[models.Manager["AuditRow"]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["n"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "n"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "n"], name="audit_by_actor"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(n__gte=1), name="audit_rows_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"audit row {self.n}"


class AuditHead(models.Model):
    """The end of the chain, in one row that every writer locks."""

    n = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32, default=bytes(32))

    objects: ClassVar[models.Manager["AuditHead"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_audit_head"),
        ]

    def __str__(self) -> str:
        return f"audit head {self.n}"
