"""`manage.py invite PERSON`: a code that lets one device in."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any
from uuid import UUID

import segno
from django.core.management.base import BaseCommand, CommandError

from accounts import codes
from accounts.actions import invites
from accounts.links import enrol_link
from accounts.models import Person
from core import clock
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make an invite for a person, named by their id or their staff username, and show its code once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="id, or staff username")
        parser.add_argument("--qr", action="store_true", help="also draw the link as a QR code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invite, code = invites.make(person=_find(options["person"]), by=None, now=clock.now())
        except DomainError as problem:
            raise CommandError(problem.sentence) from None
        self.stdout.write(codes.for_reading(code))
        self.stdout.write(f"Works once, until {invite.expires_at:%Y-%m-%d %H:%M} UTC: {enrol_link(code)}")
        if options["qr"]:
            self.stdout.write(_drawn(enrol_link(code)))


def _drawn(link: str) -> str:
    drawing = StringIO()
    segno.make(link, micro=False).terminal(out=drawing, compact=True)
    return drawing.getvalue()


def _find(named: str) -> Person:
    try:
        person = Person.objects.filter(id=UUID(named)).first()
    except ValueError:
        person = Person.objects.filter(username=named).first()
    if person is None:
        raise CommandError(f"Nobody here is called {named!r}. Give the id that the back office shows, or a staff username.")
    return person
