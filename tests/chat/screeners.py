"""Screeners that settings can name in a test."""

from typing import Any

from django.db import IntegrityError, OperationalError

from chat.screening import Seen, Signal


class Breaking:
    """Fails whenever it is asked to look."""

    def look(self, text: str, **said: Any) -> Seen:
        raise ValueError(text)

    def held(self, **said: Any) -> None:
        return None


class Forgetting(Breaking):
    """Sees something in everything, and cannot keep it."""

    problem: type[Exception] = IntegrityError

    def look(self, text: str, **said: Any) -> Seen:
        return Seen((Signal("crisis", 4, "tested", "test"),), "crisis")

    def keep(self, seen: Any, **said: Any) -> None:
        raise self.problem


class Cut(Forgetting):
    """The same, as the database goes away."""

    problem = OperationalError
