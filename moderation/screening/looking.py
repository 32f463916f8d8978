"""The whole of the screening over our own lists: words and shapes."""

from functools import cache

from moderation.screening.engine import Engine
from moderation.screening.lists import ours
from moderation.screening.signals import Signal, worst


@cache
def engine() -> Engine:
    """Compiled once in a process, in about a second. :raises BadList:"""
    return Engine(ours())


def look(text: str, language: str) -> tuple[Signal, ...]:
    """Everything seen in a text of somebody who writes `language`, the most severe first."""
    found = engine()
    return worst(found.find(found.text(text, language), language))
