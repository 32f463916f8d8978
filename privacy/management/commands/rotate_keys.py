"""`manage.py rotate_keys`: a new key-encryption key, and every data key under it. Words are never touched."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from privacy import keyring, rotation
from privacy.errors import CannotOpen, KeyringError
from privacy.keyring import FileKeys

HOW_WITH_ENVIRONMENT = """\
All data keys are under the current key of MAATJE_KEYS, which only you can change:
 1. add a key to `keys` (`openssl rand -base64 32` makes one) and restart every process;
 2. name it in `current` and restart every process;
 3. run this command again: it wraps every data key under it;
 4. take the old key out of `keys` and restart every process."""


class Command(BaseCommand):
    help = "Make a new key and wrap every data key under it; finishes a rotation that was broken off. --retire drops keys no longer used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retire", action="store_true", help="drop the old keys from the file, once nothing is wrapped by them")

    def handle(self, *args: Any, retire: bool, **options: Any) -> None:
        try:
            source = keyring.keyring().source
            if not isinstance(source, FileKeys):
                self.with_environment(retire=retire)
                return
            with rotation.alone(source):
                self.retire(source) if retire else self.rotate(source)
        except (KeyringError, CannotOpen) as problem:
            raise CommandError(str(problem)) from None

    def rotate(self, source: FileKeys) -> None:
        if rotation.behind():
            self.stdout.write("Going on with a rotation that was not finished.")
        else:
            self.stdout.write(f"The new key is {rotation.add_key(source)}. Back up {source.path}, apart from the database.")
        self.rewrap()
        self.stdout.write("Old keys stay in the file until you run this with --retire.")

    def retire(self, source: FileKeys) -> None:
        retired = rotation.retire(source)
        self.stdout.write(f"Retired {', '.join(retired)}." if retired else "There is no old key to retire.")

    def with_environment(self, *, retire: bool) -> None:
        if retire or not rotation.behind():
            self.stdout.write(HOW_WITH_ENVIRONMENT)
        else:
            self.rewrap()

    def rewrap(self) -> None:
        columns = (TextColumn("Wrapping data keys"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("", total=rotation.behind())
            for moved in rotation.rewrap():
                progress.advance(task, moved)
        self.stdout.write(f"Every data key is under {keyring.keyring().material.current}.")
