"""`manage.py worker`: the housekeeping that no person waits for. It sends nothing yet; that comes with notifications."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from chat.actions import conversations
from core import clock

log = logging.getLogger(__name__)

ROUND_SECONDS = 60.0


def sign_of_life() -> Path:
    """The file that a round without trouble touches; `manage.py health --worker` looks at its age."""
    return Path(settings.MAATJE_DATA) / "worker-alive"


@dataclass(slots=True)
class Job:
    """Something to do at the start and then every so many seconds; a failure is tried again in the next round."""

    name: str
    every: float
    do: Callable[[], object]
    due: float = 0.0

    def run(self, *, at: float) -> bool:
        """Whether it went well, or was not due."""
        if at < self.due:
            return True
        try:
            self.do()
        except Exception as problem:
            # the type and no more: the text of a database error can hold what was written
            log.warning("job_failed job=%s problem=%s", self.name, type(problem).__name__)
            return False
        self.due = at + self.every
        return True


def jobs() -> list[Job]:
    return [
        Job("close_due_conversations", 60, lambda: conversations.close_due(now=clock.now())),
        Job("sign_audit_head", 3_600, lambda: _quietly("sign_audit_head")),
        Job("apply_retention", 86_400, lambda: _quietly("apply_retention")),
        Job("clear_staff_sessions", 86_400, lambda: _quietly("clearsessions")),
    ]


def _quietly(command: str) -> None:
    call_command(command, stdout=StringIO())


class Command(BaseCommand):
    help = (
        "Housekeeping: close conversations whose grace is over (every minute), sign the end of the audit log (every hour), "
        "delete what is past its time and sessions of staff that ended (every day). Sends nothing yet. One is enough; a second does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything once and stop; exit code 1 when something failed")

    def handle(self, *, once: bool, **options: Any) -> None:
        todo, stopping = jobs(), threading.Event()
        if once:
            if not _round(todo):
                raise SystemExit(1)
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopping.set())
        self.stdout.write("The worker keeps house. Ctrl-C stops it.")
        self.stdout.flush()
        while not stopping.is_set():
            _round(todo)
            close_old_connections()  # the database may have been restarted meanwhile
            stopping.wait(ROUND_SECONDS)


def _round(todo: list[Job]) -> bool:
    """Run what is due, each job whatever became of the others; whether all went well."""
    failed = [job.name for job in todo if not job.run(at=time.monotonic())]
    if not failed:
        sign_of_life().touch()
    return not failed
