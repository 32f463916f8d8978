"""Let the demo people live a day of real conversations, through real sockets."""

import asyncio
import hashlib
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import invites
from accounts.models import Person, Role
from core import clock
from phone import enrolment
from phone.addresses import tidy
from phone.client import Keeps
from phone.day import Day, Tally, WentWrong
from phone.enrolment import NotLetIn
from phone.kept import Kept
from phone.script import DEMO_DAY, BadScript, Step, read_script
from phone.starting import DEFAULT_SERVER
from phone.store import Store, StoreError
from programmes import demo
from programmes.models import Organisation


class Command(BaseCommand):
    help = "Let the demo people live a day of conversations. Runs on the server's machine, beside the running server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--speed", type=float, default=600, help="60: an hour in a minute; the day has 14 hours (default 600)")
        parser.add_argument("--server", default=DEFAULT_SERVER)
        parser.add_argument("--script", type=Path, default=DEMO_DAY, help="another day, as TOML")

    def handle(self, *, speed: float, server: str, script: Path, **options: Any) -> None:
        if not 0 < speed <= 1_000_000:
            raise CommandError("--speed: give a number above 0.")
        with ExitStack() as stack:
            try:
                steps = read_script(script)
                phones = {person.name: self._phone(person, tidy(server), stack) for person in cast()}
                tally = asyncio.run(self._live(phones, steps, speed))
            except (BadScript, WentWrong, StoreError, OSError, ValueError) as problem:
                raise CommandError(str(problem)) from None
            except NotLetIn as problem:
                raise CommandError(f"{server} did not let the phones in ({problem.code}). Is the server running there?") from None
        self._conclude(tally)

    def _phone(self, person: Person, server: str, stack: ExitStack) -> tuple[Kept, Keeps]:
        """This person's phone of the last demo day, or a new one."""
        name = hashlib.sha256(f"demo day {person.id}".encode()).hexdigest()
        store = Store(settings.MAATJE_DATA / "phones" / f"{name}.json").open()
        stack.callback(store.close)
        kept = store.load()
        if kept is not None:
            kept.server = server
        if kept is None or not enrolment.is_let_in(kept):
            _, code = invites.make(person=person, by=None, now=clock.now())
            kept = enrolment.enrol(server, code, label="demo day")
            store.save(kept)
        return kept, store

    async def _live(self, phones: dict[str, tuple[Kept, Keeps]], steps: list[Step], speed: float) -> Tally:
        return await Day(phones, tell=self.stdout.write).live(steps, speed=speed)

    def _conclude(self, tally: Tally) -> None:
        line = (
            f"{tally.entries} things said. Sent {tally.sent} {'=' if tally.sent == tally.delivered else '≠'} delivered {tally.delivered}."
        )
        self.stdout.write(f"\n{line}")
        if tally.sent != tally.delivered:
            raise CommandError("Something that was sent is not on every phone it was for.")


def cast() -> list[Person]:
    """The demo people who talk. :raises CommandError: there are none; they are never made among real people."""
    organisation = Organisation.objects.filter(name=demo.ORGANISATION).first()
    if organisation is None:
        raise CommandError("There are no demo people here. Start the server once without --empty, on data that is not in use.")
    members = organisation.members.select_related("person__data_key").order_by("id")
    people = [member.person for member in members if member.person.role in {Role.PARTICIPANT, Role.BUDDY}]
    return [person for person in people if person.may_use_the_service()]
