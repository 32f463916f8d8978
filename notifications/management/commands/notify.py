"""`manage.py notify`: send notices, beside the server or on another machine; as many of these as you like."""

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from live.loop import use_uvloop
from notifications.outfit import UNUSABLE, Way, ways
from notifications.worker import Worker, life


class Command(BaseCommand):
    help = "Send notices: pushes, SMS and mail. Any number may run; each may be killed at any moment. SIGTERM ends it gently."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due and stop")
        parser.add_argument("--channels", default="", help="only these, with commas: fcm, webpush, sms, email, console")
        parser.add_argument("--health", action="store_true", help="only say whether a worker with this data folder is at work")

    def handle(self, *, once: bool, channels: str, health: bool, **options: Any) -> None:
        if health:
            self._say_health()
            return
        use_uvloop()
        chosen = [name.strip() for name in channels.split(",") if name.strip()]
        try:
            found = ways(only=chosen)
        except UNUSABLE as problem:
            raise CommandError(f"{problem} `manage.py check` names the setting.") from None
        if missing := set(chosen) - {way.name for way in found}:
            raise CommandError(f"There is no channel {', '.join(sorted(missing))} here. Settings open them: docs/operating.md, Notices.")
        if not once:
            names = ", ".join(way.name for way in found) or "no channel at all: see docs/operating.md, Notices"
            self.stdout.write(f"Notices go by {names}. Ctrl-C stops it.")
            self.stdout.flush()
        asyncio.run(work(found, once=once))

    def _say_health(self) -> None:
        """:raises CommandError: its last round is too long ago; one line with the remedy."""
        ago = life.seconds_since()
        if ago is None:
            raise CommandError("No worker has finished a round here yet. Start `manage.py notify`, or read its log.")
        if ago > life.PATIENCE_SECONDS:
            raise CommandError(f"The last round was {ago / 60:.0f} minutes ago. Read the worker's log; restart it when it is silent.")
        self.stdout.write(f"Notices are being sent; the last round was {ago:.0f} s ago.")


async def work(found: list[Way], *, once: bool) -> None:
    worker = Worker(found)
    if once:
        await worker.once()
        return
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, worker.stop)
    await worker.run()
