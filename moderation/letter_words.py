"""The words of letters in the five languages. One file a language, for whoever translates; one that lacks a sentence is refused."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
FOLDER = Path(__file__).with_name("words_of_letters")


@dataclass(frozen=True, slots=True)
class Words:
    """By table: `what` was done, for `how_long`, what it is `about`, its `source`, whether `automated`, on which `ground` …"""

    months: list[str]
    date: str  # {day} {month} {year}
    moment: str  # {date} {time}
    quote: str  # {words}
    titles: dict[str, str]
    what: dict[str, str]
    how_long: dict[str, str]  # {moment}
    about: dict[str, str]  # {date}
    source: dict[str, str]
    automated: dict[str, str]
    ground: dict[str, str]  # {rule}
    appeal: dict[str, str]  # {date}
    outcome: dict[str, str]  # {date}
    done: dict[str, str]
    undone: dict[str, str]
    looked_again: dict[str, str]
    back: dict[str, str]
    restored: dict[str, str]  # {date}
    escalation: dict[str, str]  # {date}


@cache
def words_in(language: str) -> Words:
    """The words of a language; of the first one for a language that nobody wrote."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return Words(**tomllib.loads((FOLDER / f"{known}.toml").read_text(encoding="utf-8")))
