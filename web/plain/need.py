"""Whom to call, for somebody whose own words asked for it: on the next page, once, and in no address that a browser remembers."""

from collections.abc import Mapping
from typing import Any, get_args

from rest_framework.request import Request
from rest_framework.response import Response

from chat import frames
from web.plain.helplines import helplines

NEED = "maatje-need"
PATH = "/t"
SECONDS = 120  # in which the next page comes
_NEEDS: tuple[str, ...] = get_args(frames.Help)


def keep_need(response: Response, needed: frames.Help | None) -> Response:
    """Have the next page show it."""
    if needed is not None:
        said = str(_NEEDS.index(needed))
        response.set_cookie(NEED, said, max_age=SECONDS, path=PATH, secure=True, httponly=True, samesite="Strict")
    return response


def need_of(request: Request, said: Mapping[str, Any], *, language: str) -> dict[str, Any] | None:
    """A sentence and the lines to call; nothing when nobody needs it."""
    place = request.COOKIES.get(NEED, "")
    if place not in {str(place) for place in range(len(_NEEDS))}:
        return None
    lines = [line for line in helplines(language)["lines"] if place in line.get("for", "")]
    return {"text": said["safe"]["needs"][_NEEDS[int(place)]], "lines": lines}


def forget_need(response: Response) -> Response:
    response.delete_cookie(NEED, path=PATH, samesite="Strict")
    return response
