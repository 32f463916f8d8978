"""`manage.py administrator NAME`: the first way into the back office, and the last one back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import passwords, people, second_factors
from accounts.models import Person, Role
from core import clock
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Make an administrator and show a password that must be replaced at the first sign-in at /admin/, where a second factor "
        "is set up too. With --again: let a member of staff who lost their password or phone in like that once more. "
        "(`createsuperuser` asks for a password instead, and leaves no row in the audit log.)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name they sign in with")
        parser.add_argument("--again", action="store_true", help="for one who is there already: a new password, and no second factor")

    def handle(self, *args: Any, name: str, again: bool, **options: Any) -> None:
        try:
            password = _let_in(name, again=again)
        except DomainError as problem:
            raise CommandError(problem.sentence) from None
        self.stdout.write(f"Sign in at /admin/ as {name} with this password, within 7 days:\n\n  {password}\n")
        self.stdout.write("It is not shown again.")


@transaction.atomic
def _let_in(name: str, *, again: bool) -> str:
    now = clock.now()
    person = Person.objects.filter(username=name).first()
    if again and person is None:
        raise CommandError(f"No member of staff signs in as {name!r}. Without --again, that makes an administrator.")
    if person is not None and not again:
        raise CommandError(f"{name!r} is there already. To let them in again: --again")
    if person is None:
        person = people.add(role=Role.ADMINISTRATOR, name=name, username=name, by=None, now=now)
    second_factors.forget(person=person, by=None, now=now)
    return passwords.give(person=person, by=None, now=now)
