"""`manage.py build_dictionaries`: from phrases to the dictionaries of short messages."""

from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.lite import building, dictionaries

PHRASES = dictionaries.FOLDER.with_name("phrases")


class Command(BaseCommand):
    help = "Build a new dictionary for every language whose phrases changed. What was once built is never changed: devices hold it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a dictionary is older than its phrases")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = [path for path in sorted(PHRASES.glob("*.txt")) if not _is_fresh(path)]
        if options["check"] and stale:
            raise CommandError(f"Older than their phrases: {', '.join(path.stem for path in stale)}. Run manage.py build_dictionaries.")
        for path in stale:
            self.stdout.write(f"{path.stem}: {_renew(path)}")
        if not stale:
            self.stdout.write("Every dictionary is up to date.")


def _is_fresh(phrases: Path) -> bool:
    newest = _newest(phrases.stem)
    return newest is not None and dictionaries.index(dictionaries.FOLDER)[newest]["made_from"] == _hash(phrases.read_bytes())


def _renew(phrases: Path) -> str:
    data = building.build(building.phrases_of(phrases.read_text(encoding="utf-8")))
    index = dictionaries.index(dictionaries.FOLDER)
    newest = _newest(phrases.stem)
    if newest is None or index[newest]["sha256"] != _hash(data):
        number = 1 + (dictionaries.parts_of(newest)[1] if newest else 0)
        newest = f"{phrases.stem}{number}"
        with (dictionaries.FOLDER / f"{newest}.bin").open("xb") as file:
            file.write(data)
    index[newest] = {"sha256": _hash(data), "made_from": _hash(phrases.read_bytes())}
    _drop_the_oldest(phrases.stem, index)
    _write(index)
    return f"{newest}, {len(data):,} bytes"


def _drop_the_oldest(language: str, index: dict[str, dict[str, str]]) -> None:
    for name in _names(language, index)[: -dictionaries.KEPT]:
        (dictionaries.FOLDER / f"{name}.bin").unlink()
        del index[name]


def _newest(language: str) -> str | None:
    names = _names(language, dictionaries.index(dictionaries.FOLDER))
    return names[-1] if names else None


def _names(language: str, index: dict[str, dict[str, str]]) -> list[str]:
    return sorted((name for name in index if dictionaries.parts_of(name)[0] == language), key=dictionaries.parts_of)


def _write(index: dict[str, dict[str, str]]) -> None:
    lines = ["# Written by manage.py build_dictionaries; `made_from` is the sha256 of the phrases."]
    for name in sorted(index, key=dictionaries.parts_of):
        lines += ["", f"[{name}]", *(f'{key} = "{value}"' for key, value in index[name].items())]
    (dictionaries.FOLDER / dictionaries.INDEX).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
