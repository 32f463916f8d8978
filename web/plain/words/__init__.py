"""What these pages say, in the five languages. One file a language, for whoever translates."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

RIGHT_TO_LEFT = frozenset({"ar"})
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


@cache
def words(language: str) -> Mapping[str, Any]:
    """The words of a language; under `refused` the sentence of each code."""
    file = Path(__file__).with_name(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def language_of(request: HttpRequest) -> str:
    """What a stranger reads: the language they chose in the address, else what their browser asks for."""
    chosen = request.GET.get("l", "")
    return chosen if chosen in LANGUAGES else get_language_from_request(request)
