"""Facts: what happened, in the past tense, told upwards without an upward import.

An action records a fact inside its transaction. Handlers of the apps above hear it in the same transaction,
so what they write commits or vanishes with it; `heard_live` handlers run after the commit and may be lost.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction


@dataclass(frozen=True, slots=True)
class Fact:
    """Base of all facts. A fact carries identifiers, never content."""


F = TypeVar("F", bound=Fact)
Handler = Callable[[Any], None]

_handlers: dict[type[Fact], list[Handler]] = defaultdict(list)
_live_handlers: dict[type[Fact], list[Handler]] = defaultdict(list)


def heard_by(kind: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Register a handler that runs inside the transaction of the action."""

    def register(handler: Callable[[F], None]) -> Callable[[F], None]:
        _handlers[kind].append(handler)
        return handler

    return register


def heard_live(kind: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Register a handler that runs after the commit; its failure harms nobody."""

    def register(handler: Callable[[F], None]) -> Callable[[F], None]:
        _live_handlers[kind].append(handler)
        return handler

    return register


def record(fact: Fact) -> None:
    """Tell the apps above what is happening; must be called inside the transaction that makes it true."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A fact is recorded inside the transaction that makes it true.")
    for handler in _handlers[type(fact)]:
        handler(fact)
    for handler in _live_handlers[type(fact)]:
        transaction.on_commit(lambda handler=handler: handler(fact), robust=True)  # type: ignore[misc]  # mypy cannot type a default argument
