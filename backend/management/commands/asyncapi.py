"""`manage.py asyncapi`: write the description of the websocket; a test holds that it was not forgotten."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from backend.documents import asyncapi_document
from backend.env import ROOT


class Command(BaseCommand):
    help = "Write the AsyncAPI document of the websocket."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, default=ROOT / "docs" / "asyncapi.json")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        file.write_text(json.dumps(asyncapi_document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(f"Wrote {file}.")
