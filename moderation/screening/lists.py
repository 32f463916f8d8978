"""Word lists as people write them: read, checked, and refused with every reason at once."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

LANGUAGES = ("nl", "fr", "en", "tr", "ar")
CLASSES = ("crisis", "threat", "sexual", "hate", "money", "contact")
MOST_BYTES = 8_000_000
MOST_PHRASE = 10_000  # code points
MOST_PROBLEMS = 20  # told at once
MOST_WITHIN = 50

# `a.b.c.…`: no key of ours has a dot, and those with thousands would cost the memory of all their beginnings.
_DOTTED = re.compile(r"""(?:(?:"[^"\n]*"|'[^'\n]*'|(?<![\w-])[\w-]++)[ \t]*+\.[ \t]*+){8}""", re.ASCII)


class BadList(ValueError):
    """Carries `problems`: sentences that say what and where."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to see, as `class`, `severity` and `reason` tell it."""

    klass: str
    severity: int
    reason: str
    any: tuple[str, ...]
    near: tuple[str, ...] = ()
    within: int = 8
    unless: tuple[str, ...] = ()
    negatable: bool = True


@dataclass(frozen=True, slots=True)
class WordRules:
    """One version of one list."""

    language: str
    version: int
    reviewed_on: date
    review_by: date
    rules: tuple[Rule, ...]
    spelling: dict[str, str] = field(default_factory=dict)
    negation: tuple[str, ...] = ()
    before: int = 3
    after: int = 0

    @property
    def source(self) -> str:
        return f"{self.language} {self.version}"


def parse(text: str, language: str) -> WordRules:
    """The list in `text`. What its phrases mean is checked when they are compiled. :raises BadList:"""
    if len(text) > MOST_BYTES:
        raise BadList([f"A list holds at most {MOST_BYTES:,} signs."])
    if _DOTTED.search(text):
        raise BadList(["Eight words stand there with nothing but dots between them; keys have no dots here."])
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadList([f"This is not TOML: {problem}"]) from None
    except (ValueError, RecursionError):  # a number of a million digits, brackets without end
        raise BadList(["This is not TOML that can be read."]) from None
    reader = _Reader()
    found = reader.list(table, language)
    if reader.problems or found is None:
        raise BadList(reader.problems[:MOST_PROBLEMS])
    return found


class _Reader:
    """Takes a table apart and remembers what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def list(self, table: dict[str, Any], language: str) -> WordRules | None:
        self._strangers(table, {"version", "reviewed_on", "review_by", "spelling", "negation", "rule"}, "list")
        negation = self._table(table, "negation")
        self._strangers(negation, {"words", "before", "after"}, "negation")
        rules = table.get("rule", [])
        if not isinstance(rules, list) or not rules:
            self.problems.append("There is no [[rule]] in it.")
            return None
        return WordRules(
            language=language,
            version=self._number(table, "version", 1, 1_000_000, None, "list"),
            reviewed_on=self._date(table, "reviewed_on"),
            review_by=self._date(table, "review_by"),
            rules=tuple(self.rule(rule, f"rule {number}") for number, rule in enumerate(rules, 1)),
            spelling=self._spelling(self._table(table, "spelling")),
            negation=self._words(negation, "words", "negation"),
            before=self._number(negation, "before", 0, 10, 3, "negation"),
            after=self._number(negation, "after", 0, 10, 0, "negation"),
        )

    def rule(self, rule: Any, where: str) -> Rule:
        rule = rule if isinstance(rule, dict) else {}
        where = f"{where} ({rule['reason']})" if isinstance(rule.get("reason"), str) else where
        self._strangers(rule, {"class", "severity", "reason", "any", "near", "within", "unless", "negatable"}, where)
        if (klass := rule.get("class")) not in CLASSES:
            self.problems.append(f"{where}: class is one of {', '.join(CLASSES)}.")
        reason = rule.get("reason")
        if not isinstance(reason, str) or not reason.isascii() or not reason.isidentifier() or not reason.islower() or len(reason) > 40:
            self.problems.append(f"{where}: reason is a code in small letters, like wish_to_die, of at most 40.")
        phrases = self._words(rule, "any", where)
        if not phrases:
            self.problems.append(f"{where}: any names at least one phrase.")
        if not isinstance(negatable := rule.get("negatable", True), bool):
            self.problems.append(f"{where}: negatable is true or false.")
        return Rule(
            klass=str(klass),
            severity=self._number(rule, "severity", 1, 4, None, where),
            reason=str(reason),
            any=phrases,
            near=self._words(rule, "near", where),
            within=self._number(rule, "within", 0, MOST_WITHIN, 8, where),
            unless=self._words(rule, "unless", where),
            negatable=negatable is True,
        )

    def _strangers(self, table: dict[str, Any], known: set[str], where: str) -> None:
        self.problems += [f"{where}: there is no setting {name!r}." for name in table if name not in known]

    def _table(self, table: dict[str, Any], name: str) -> dict[str, Any]:
        found = table.get(name, {})
        if isinstance(found, dict):
            return found
        self.problems.append(f"[{name}] is a table.")
        return {}

    def _number(self, table: dict[str, Any], name: str, least: int, most: int, otherwise: int | None, where: str) -> int:
        found = table.get(name, otherwise)
        if type(found) is int and least <= found <= most:
            return found
        self.problems.append(f"{where}: {name} is a whole number from {least} to {most}.")
        return least

    def _date(self, table: dict[str, Any], name: str) -> date:
        found = table.get(name)
        if type(found) is date:
            return found
        self.problems.append(f"list: {name} is a date, like 2026-11-22.")
        return date.min

    def _words(self, table: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
        found = table.get(name, [])
        if not isinstance(found, list):
            self.problems.append(f"{where}: {name} is a list of phrases.")
            return ()
        for phrase in found:
            if not isinstance(phrase, str) or not phrase.strip():
                self.problems.append(f"{where}: there is an empty phrase in {name}.")
            elif len(phrase) > MOST_PHRASE:
                self.problems.append(f"{where}: a phrase of {name} is longer than {MOST_PHRASE} signs.")
        return tuple(phrase for phrase in found if isinstance(phrase, str))

    def _spelling(self, table: dict[str, Any]) -> dict[str, str]:
        if all(isinstance(plain, str) for plain in table.values()):
            return table
        self.problems.append("spelling: every line is a word in chat spelling and the plain one.")
        return {}


def in_package() -> dict[str, str]:
    """The text of each list of this package, by language."""
    folder = files("moderation.screening") / "lists"
    there = {language: folder / f"{language}.toml" for language in LANGUAGES}
    return {language: file.read_text("utf-8") for language, file in there.items() if file.is_file()}
