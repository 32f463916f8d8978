"""What the whole server remembers about itself."""

from typing import ClassVar

from django.db import models

from core.ids import new_id


class Log(models.Model):
    """The life of this database, in one row.

    `epoch` names it: a device that knows another epoch starts afresh. `boots` only rises; a database that has
    forgotten a boot which the data folder remembers was restored from a backup, and gets a new epoch.
    """

    epoch = models.UUIDField(default=new_id)
    boots = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[models.Manager["Log"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_log"),
        ]

    def __str__(self) -> str:
        return f"log {self.epoch}"
