"""Run the product: prepare what is missing, say where it is, serve."""

import os
import socket
import sys
import warnings
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core import boots, clock
from moderation import demo as scenes
from privacy.errors import KeyringError
from privacy.keyring import keyring
from programmes import demo

DEFAULT_PORT = 8000


class Command(BaseCommand):
    help = "Prepare what is missing and serve, on Daphne or uvicorn."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT)
        parser.add_argument("--server", choices=["daphne", "uvicorn"], default="daphne")
        parser.add_argument("--empty", action="store_true", help="start without demo people")
        parser.add_argument("--silent", action="store_true", help="demo people who said nothing yet, as docs/protocol.md meets them")
        parser.add_argument("--no-migrate", action="store_true", help="the tables are up to date; another process sees to them")

    def handle(self, *, host: str, port: int, server: str, empty: bool, silent: bool, no_migrate: bool, **options: Any) -> None:
        warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)  # static files are collected in the image only
        os.umask(0o077)  # what we write is for us alone, also in a folder that was there before
        ensure_folder(settings.MAATJE_DATA)
        ensure_free(host, port)
        try:
            keyring()
        except KeyringError as problem:
            raise CommandError(str(problem)) from None
        if not no_migrate:
            call_command("migrate", verbosity=0)
        if boots.note_boot(settings.MAATJE_DATA):
            self.stdout.write("This database is older than the data folder: a backup was restored. Every device will start afresh.")
        if not empty:
            self._introduce_demo(port, silent=silent)
        self._serve(host, port, server)

    def _introduce_demo(self, port: int, *, silent: bool) -> None:
        people = demo.seed(now=clock.now())
        if not people:
            return
        where = "" if port == DEFAULT_PORT else f" --server http://127.0.0.1:{port}"
        self.stdout.write(f"\nDemo people. Be one of them:  .venv/bin/python manage.py phone CODE{where}")
        self.stdout.write(
            "Each code lets one phone in, once; codes of an earlier start no longer do. A phone you have goes on with its old code."
        )
        for person in people:
            self.stdout.write(f"  {person.code}  {person.name:<10} {person.role}")

        if not silent:
            scenes.seed(now=clock.now())
        self._introduce_staff(port)

    def _introduce_staff(self, port: int) -> None:
        """On `localhost`, where browsers make passkeys also without https."""
        staff, password = demo.let_staff_in(now=clock.now())
        self.stdout.write(f"\nDemo staff. Be one of them:  http://localhost:{port}/console/")
        self.stdout.write("The first sign-in asks for a password of one's own and a second step: an app that makes codes, or a passkey.")
        for one in staff:
            self.stdout.write(f"  {'their own' if one.has_own_password else password:<12}  {one.username:<10} {one.role}")

    def _serve(self, host: str, port: int, server: str) -> None:
        shown = f"[{host}]" if ":" in host else host

        def ready() -> None:
            self.stdout.write(f"\nMaatje is at http://{shown}:{port} ({server}). Ctrl-C stops it.")
            self.stdout.flush()

        if server == "uvicorn":
            from backend.servers import uvicorn

            uvicorn.run(host=host, port=port, ready=ready)
        else:
            from backend.servers import daphne

            daphne.run(host=host, port=port, ready=ready)


def ensure_folder(folder: Path) -> None:
    """:raises CommandError: the data folder cannot be written to; one line with the remedy."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise CommandError(f"Cannot make {folder} ({problem.strerror}). Set MAATJE_DATA to a folder you may write to.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"Cannot write in {folder}. Set MAATJE_DATA to a folder you may write to.")


def ensure_free(host: str, port: int) -> None:
    """:raises CommandError: somebody listens there already; one line with the remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise CommandError(f"{host} is no address of this machine. Choose another with --host.") from None
        except (OSError, OverflowError) as problem:
            why = getattr(problem, "strerror", None) or "ports go from 1 to 65535"
            raise CommandError(f"Cannot listen on {host}:{port} ({why}). Choose another with --port.") from None


if sys.version_info < (3, 11):  # noqa: UP036  # a clear word for those who call it by hand
    raise SystemExit("Maatje needs Python 3.11 or newer.")
