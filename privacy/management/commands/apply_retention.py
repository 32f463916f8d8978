"""`manage.py apply_retention`: delete and erase what is past its time. Run it every night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from privacy import retention


class Command(BaseCommand):
    help = "Delete or erase what privacy/retention.toml says is past its time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many rows are past their time")
        parser.add_argument("--show", action="store_true", help="only show the policy")

    def handle(self, *args: Any, dry_run: bool, show: bool, **options: Any) -> None:
        now = clock.now()
        try:
            policies = retention.policies()
        except retention.BadPolicy as problem:
            raise CommandError(str(problem)) from None
        for policy in policies:
            if show:
                self.stdout.write(f"{policy.model}: {policy}. {policy.why}")
            elif not policy.keep:
                rows = retention.expired(policy, now=now).count() if dry_run else retention.apply(policy, now=now)
                self.stdout.write(f"{policy.model}: {rows} {'past their time' if dry_run else 'done'} ({policy})")
