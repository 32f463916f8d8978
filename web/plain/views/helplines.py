"""`/t/help`: whom to call. Open to everybody, whatever became of their access."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from web.plain.authentication import ForgivingAuthentication
from web.plain.page import PlainView

_FOLDER = Path(__file__).parents[2] / "page" / "help"  # the same files as the page with scripts keeps for bad networks


class Help(PlainView):
    authentication_classes = (ForgivingAuthentication,)
    permission_classes = (AllowAny,)
    is_shown_after_exit = True

    def get(self, request: Request) -> Response:
        return self.page("help", **_helplines(self.language))


@cache
def _helplines(language: str) -> dict[str, Any]:
    """`lines` of number, name and what it is for, and when they were checked."""
    known = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return {"lines": known["lines"], "checked_on": ".".join(part.lstrip("0") for part in reversed(known["checked_on"].split("-")))}
