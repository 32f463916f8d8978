"""`manage.py sign_audit_head`: remember outside the database how far the audit log reached. Run it every hour."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import signed_heads
from audit.log import current_head
from core import clock


class Command(BaseCommand):
    help = "Sign the end of the audit log and add it to a file outside the database. Run it every hour and copy the file elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, default=None, help="the file to add to (default: audit-head in the data folder)")

    def handle(self, *args: Any, heads: Path | None, **options: Any) -> None:
        path = heads or signed_heads.default_path()
        try:
            line = signed_heads.append(path, current_head(), now=clock.now())
        except OSError as problem:
            raise CommandError(f"Cannot write {path} ({problem.strerror}).") from None
        self.stdout.write(line)
