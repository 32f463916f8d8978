"""`manage.py erase_person PERSON`: forget somebody, for good."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import erasure
from accounts.models import Person
from core import clock
from core.errors import DomainError


class Command(BaseCommand):
    help = "Erase a person, named by the id that the back office shows. There is no way back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", type=UUID)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, person: UUID, yes: bool, **options: Any) -> None:
        found = Person.objects.filter(id=person).first()
        if found is None:
            raise CommandError("Nobody here has that id.")
        if not yes and input("Name, number and devices are forgotten, also in later backups. Type `erase` to go on: ") != "erase":
            raise CommandError("Nothing was erased.")
        try:
            erasure.erase(person=found, by=None, now=clock.now())
        except DomainError as problem:
            raise CommandError(problem.sentence) from None
        self.stdout.write("Erased.")
