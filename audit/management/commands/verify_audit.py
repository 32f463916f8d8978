"""`manage.py verify_audit`: prove that the audit log is what was written, or name the first row that is not."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from audit import log, signed_heads, triggers
from audit.errors import BadSignedHeads


class Command(BaseCommand):
    help = (
        "Check every row of the audit log. Exit code 1 and the first bad row's number when something was changed, "
        "or when nothing keeps it from being changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, default=None, help="signed heads to compare with, such as the copy kept elsewhere")

    def handle(self, *args: Any, heads: Path | None, **options: Any) -> None:
        signed = self.signed(heads)
        rows, broken = log.verify(signed=signed)
        if broken:
            raise CommandError(f"Audit row {broken.n} {broken.why}.")
        if not triggers.are_installed(connection):
            raise CommandError(
                f"{rows} audit rows, all as they were written, but the triggers that protect them are not in this database. "
                "Run: manage.py migrate audit 0001, then migrate."
            )
        self.stdout.write(f"{rows} audit rows, all as they were written; {len(signed)} signed heads agree.")

    def signed(self, heads: Path | None) -> Mapping[int, bytes]:
        path = heads or signed_heads.default_path()
        try:
            return signed_heads.read(path)
        except FileNotFoundError:
            if heads:
                raise CommandError(f"{path} is missing.") from None
            self.stderr.write(f"{path} is missing, so a cut-off end cannot be seen. Run manage.py sign_audit_head every hour.")
            return {}
        except (BadSignedHeads, OSError) as problem:
            raise CommandError(str(problem)) from None
