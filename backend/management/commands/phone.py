"""A phone in the terminal: enrol with an invite code, talk, come back with the same code."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from phone.plain import Plain
from phone.starting import DEFAULT_SERVER, Sorry, start


class Command(BaseCommand):
    help = "A terminal phone. The invite code works once; after that it names the phone that is kept on this machine."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the invite code; capitals, spaces and dashes do not matter")
        parser.add_argument("--server", help=f"where Maatje is; {DEFAULT_SERVER} for a new phone, otherwise where it was")
        parser.add_argument("--plain", action="store_true", help="lines of text, for screen readers and pipes")

    def handle(self, *, code: str, server: str | None, plain: bool, **options: Any) -> None:
        try:
            store, kept = start(settings.MAATJE_DATA / "phones", code, server=server)
        except Sorry as problem:
            raise CommandError(str(problem)) from None
        try:
            if plain:
                status = asyncio.run(Plain(kept, store).run())
            else:
                from phone.screen.app import PhoneApp  # textual takes a while to import; plain phones do not wait for it

                status = PhoneApp(kept, store).run() or 0
        except KeyboardInterrupt:
            status = 130
        finally:
            store.close()
        if status:
            raise SystemExit(status)
