"""`manage.py screen < FILE`: what the screening sees in each line. For who keeps the lists; it writes and keeps nothing."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.screening import judging
from moderation.screening.looking import look
from moderation.screening.signals import Signal


class Command(BaseCommand):
    help = "Read lines of `lang<TAB>text` and print the signals in each. With --judge: precision and recall on labelled files."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object a line")
        parser.add_argument(
            "--judge", nargs="+", type=Path, metavar="FILE", help="labelled files (classes<TAB>text), the language at the end of their name"
        )
        parser.add_argument("--mistakes", action="store_true", help="with --judge: print the phrases that were judged wrong")

    def handle(self, *, json: bool, judge: list[Path] | None, mistakes: bool, **options: Any) -> None:
        if judge:
            self._judge(judge, shows_mistakes=mistakes)
        else:
            self._screen(as_json=json)

    def _screen(self, *, as_json: bool) -> None:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream, however it was opened
        for line in sys.stdin:
            language, tab, text = line.rstrip("\r\n").partition("\t")
            if not line.strip():
                continue  # as at the end of many files
            if not tab:
                raise CommandError("Each line is a language, a tab and a text.")
            signals = look(text, language.strip().lower().partition("-")[0])  # nl-BE is nl
            self.stdout.write(_object(language, signals) if as_json else f"{language}\t{_said(signals)}\t{text}")

    def _judge(self, paths: list[Path], *, shows_mistakes: bool) -> None:
        judgements = [(path.stem, judging.judge(judging.read(path))) for path in paths]
        self.stdout.write("precision, recall and number of phrases")
        for line in judging.table(judgements):
            self.stdout.write(line)
        for _, judgement in judgements if shows_mistakes else ():
            for phrase, seen in judgement.mistakes:
                self.stdout.write(f"{phrase.language}\tis {_classes(phrase.classes)}\tseen {_classes(seen)}\t{phrase.text}")


def _object(language: str, signals: tuple[Signal, ...]) -> str:
    found = [{"class": signal.klass, "severity": signal.severity, "reason": signal.reason} for signal in signals]
    return json.dumps({"lang": language, "signals": found}, ensure_ascii=False)


def _said(signals: tuple[Signal, ...]) -> str:
    return ", ".join(f"{signal.klass} {signal.severity} {signal.reason}" for signal in signals) or "-"


def _classes(classes: frozenset[str]) -> str:
    return ",".join(sorted(classes)) or "-"
