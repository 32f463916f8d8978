"""`manage.py new_epoch`: after a restored backup that nobody noticed, make every device start afresh."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from audit import actions as audit
from core import boots, clock


class Command(BaseCommand):
    help = "Begin a new epoch: every device forgets what it holds and starts afresh. For after restoring a backup; harmless otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            epoch = boots.begin_epoch()
            audit.write(action="log.epoch_begun", by=None, subject="log", detail={"epoch": str(epoch)}, now=clock.now())
        self.stdout.write(
            f"Epoch {epoch} has begun. Running servers notice within seconds and close open sockets with 4010; devices start afresh."
        )
