"""Reporting somebody, and asking for the professional, from what a person types. Pure."""

from typing import Literal

from msgspec import Struct

from phone.wire import Entry

COMMANDS = frozenset({"/flag", "/ask"})
REASONS = ("unsafe", "harassment", "hate", "sexual", "money", "worry")
URGENCIES = ("today", "two_days", "next_contact")
MOST_WORDS = 1_000


class CannotReport(Exception):
    """The number is missing or none of the list, or nobody else said anything."""


class Report(Struct, omit_defaults=True):
    """What travels instead of a message. `author` is who wrote `target`: after a restored backup it is about them."""

    kind: Literal["flag", "escalate"]
    why: str
    words: str = ""
    target: int | None = None
    author: int | None = None


def report_of(command: str, rest: str, entries: list[Entry], *, you: int) -> Report:
    """`/flag 5 words` is about the newest line of somebody else, `/ask 1 words` about nobody. :raises CannotReport:"""
    number, _, words = rest.strip().partition(" ")
    known = REASONS if command == "/flag" else URGENCIES
    if not (number.isdigit() and 1 <= int(number) <= len(known)):
        raise CannotReport
    why, words = known[int(number) - 1], words.strip()[:MOST_WORDS]
    if command == "/ask":
        return Report("escalate", why, words)
    theirs = [entry for entry in entries if entry.kind in {"message", "meeting"} and entry.author not in {0, you}]
    if not theirs:
        raise CannotReport
    return Report("flag", why, words, target=theirs[-1].seq, author=theirs[-1].author)
