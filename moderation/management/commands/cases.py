"""`manage.py cases`: what waits for the moderators, in numbers."""

import json
from argparse import ArgumentParser
from datetime import datetime
from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from core import clock
from moderation.reading import workload


class Command(BaseCommand):
    help = "Open cases, those past their deadline and the oldest, for each priority; and escalations that nobody has answered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object, for a machine")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        waiting, (unanswered, late) = workload.waiting(now=now), workload.unanswered(now=now)
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(waiting, unanswered, late, now=now)))
            return
        table = Table("priority", "open", "breached", "oldest")
        for one in waiting:
            table.add_row(one.priority.name.lower(), str(one.open), str(one.breached), _age(one.oldest_at, now=now))
        table.add_section()
        table.add_row("total", str(sum(one.open for one in waiting)), str(sum(one.breached for one in waiting)), "")
        table.add_row("escalations unanswered", str(unanswered), str(late), "")
        drawn = StringIO()
        Console(file=drawn, width=100).print(table)
        self.stdout.write(drawn.getvalue())


def _as_dict(waiting: list[workload.Waiting], unanswered: int, late: int, *, now: datetime) -> dict[str, Any]:
    """Ages are in whole seconds."""
    return {
        "open": sum(one.open for one in waiting),
        "breached": sum(one.breached for one in waiting),
        "oldest_seconds": max((_seconds(one.oldest_at, now=now) for one in waiting), default=0),
        "priorities": {
            one.priority.name.lower(): {"open": one.open, "breached": one.breached, "oldest_seconds": _seconds(one.oldest_at, now=now)}
            for one in waiting
        },
        "escalations": {"unanswered": unanswered, "late": late},
    }


def _seconds(at: datetime | None, *, now: datetime) -> int:
    return 0 if at is None else int((now - at).total_seconds())


def _age(at: datetime | None, *, now: datetime) -> str:
    minutes = _seconds(at, now=now) // 60
    return "" if at is None else f"{minutes // 1440} d {minutes % 1440 // 60} h {minutes % 60} min"
