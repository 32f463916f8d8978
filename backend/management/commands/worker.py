"""`manage.py worker`: send notices and keep house, beside the server or on another machine; as many of these as you like."""

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from live.loop import use_uvloop
from notifications.outfit import UNUSABLE, Way, ways
from notifications.worker import Worker


class Command(BaseCommand):
    help = (
        "Send notices (pushes, SMS and mail) and keep house: close conversations whose grace is over, sign the end of the audit log, delete what "
        "is past its time. Any number may run, each may be killed at any moment, and what is done once is done by one. SIGTERM ends it gently."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and stop; exit code 1 when some of the housekeeping failed")
        parser.add_argument("--channels", default="", help="send by these only, with commas: fcm, webpush, sms, email, console")

    def handle(self, *, once: bool, channels: str, **options: Any) -> None:
        use_uvloop()
        chosen = [name.strip() for name in channels.split(",") if name.strip()]
        try:
            found = ways(only=chosen)
        except UNUSABLE as problem:
            raise CommandError(f"{problem} `manage.py check` names the setting.") from None
        if missing := set(chosen) - {way.name for way in found}:
            raise CommandError(f"There is no channel {', '.join(sorted(missing))} here. Settings open them: docs/operating.md, Notices.")
        if once:
            if not asyncio.run(_once(found)):
                raise SystemExit(1)
            return
        names = ", ".join(way.name for way in found) or "no channel at all: see docs/operating.md, Notices"
        self.stdout.write(f"The worker keeps house. Notices go by {names}. Ctrl-C stops it.")
        self.stdout.flush()
        asyncio.run(work(found))


async def _once(found: list[Way]) -> bool:
    return await Worker(found).once()  # made here, on the loop that it belongs to


async def work(found: list[Way]) -> None:
    """Until SIGTERM or Ctrl-C."""
    worker = Worker(found)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, worker.stop)
    await worker.run()
