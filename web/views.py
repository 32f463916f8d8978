"""The addresses of the page. All of them answer anybody: there is nothing of a person in a file."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from django.views.decorators.http import require_safe

from web import serving

_OF_A_FILE = {"Content-Type", "Content-Length", "Content-Encoding", "ETag", "Cache-Control", "Vary", "X-Content-Type-Options"}
_OF_THE_SHELL = _OF_A_FILE | {
    "Content-Security-Policy",  # its frame-ancestors says what X-Frame-Options did
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Cross-Origin-Opener-Policy",
}

Handle = Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page itself. What stands behind the # of its address, such as an invite code, no browser sends."""
    return _lean(serving.answer(request, "index.html"), _OF_THE_SHELL)


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the page; not the page itself, which has guards of its own to bring (see `shell`)."""
    return _lean(serving.answer(request, "" if name.endswith(".html") else name), _OF_A_FILE)


def _lean(response: HttpResponse, kept: set[str]) -> HttpResponse:
    response.kept_headers = kept  # type: ignore[attr-defined]  # read below, on the way out
    return response


@sync_and_async_middleware
def lean_headers(get_response: Handle) -> Handle:
    """Take from the page's files every header that means nothing there: on a prepaid phone a header is paid too. Outermost."""
    if iscoroutinefunction(get_response):

        async def handle_async(request: HttpRequest) -> HttpResponse:
            return _leaned(await cast(Awaitable[HttpResponse], get_response(request)))

        return handle_async

    def handle(request: HttpRequest) -> HttpResponse:
        return _leaned(cast(HttpResponse, get_response(request)))

    return handle


def _leaned(response: HttpResponse) -> HttpResponse:
    kept: set[str] | None = getattr(response, "kept_headers", None)
    for name in list(response.headers) if kept else ():
        if kept and name not in kept:
            del response.headers[name]
    return response
