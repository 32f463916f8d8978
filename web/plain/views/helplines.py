"""`/t/help`: whom to call. Open to everybody, whatever became of their access."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from web.plain.authentication import ForgivingAuthentication
from web.plain.base import PlainView
from web.plain.words import words


class Help(PlainView):
    authentication_classes = (ForgivingAuthentication,)
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        said = words(self.language)["helplines"]
        known = _known()
        lines = [(line["number"], line["name"], said[line["for"]]) for line in known["line"] if self.language in line["languages"]]
        return self.page("help", lines=lines, checked=known["checked"])


@cache
def _known() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).parent.with_name("helplines.toml").read_text(encoding="utf-8"))
