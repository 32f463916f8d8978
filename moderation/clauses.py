"""The rules of the house that a decision rests on. `clauses.toml` says them, in codes and in the sentences that people read."""

import tomllib
from pathlib import Path

from django.conf import settings

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
NO_BREACH = "no_breach"  # what a decision of nothing rests on


_TOLD = tomllib.loads(Path(__file__).with_name("clauses.toml").read_text(encoding="utf-8"))
CLAUSES: dict[str, dict[str, str]] = {code: {language: said[language] for language in LANGUAGES} for code, said in _TOLD.items()}
ABOUT: dict[str, tuple[str, ...]] = {code: tuple(said["about"]) for code, said in _TOLD.items()}  # for which flags and signals it is likely


def sentence_of(code: str, language: str) -> str:
    """What the rule says; in the first language for one that nobody wrote."""
    return CLAUSES[code].get(language, CLAUSES[code][LANGUAGES[0]])
