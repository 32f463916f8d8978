"""`manage.py compile_lists`: make the word lists ready, so that every process starts sooner."""

from typing import Any

from django.core.management.base import BaseCommand

from moderation.screening import keeping, looking
from moderation.screening.lists import in_package


class Command(BaseCommand):
    help = "Compile the word lists once and keep them beside the code. Does nothing when that was done already."
    requires_system_checks: list[str] = []  # Django's own shape; nothing of the database or its settings is asked

    def handle(self, *args: Any, **options: Any) -> None:
        texts = in_package()
        if keeping.load(texts) is not None:
            self.stdout.write("The word lists are ready.")
            return
        try:
            keeping.keep(looking.compiled(), texts)
        except OSError as problem:
            self.stdout.write(f"The word lists cannot be kept ({type(problem).__name__}): each process compiles them as it starts.")
            return
        self.stdout.write("The word lists are compiled.")
