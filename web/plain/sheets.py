"""From a page to bytes: as small as this browser reads them.

What is compressed here holds no secret: no token, no form key. A length then tells nobody more than the page's own words,
and those only to somebody who can make this person's browser fetch it, which the cookie (SameSite=Strict) does not allow.
"""

import gzip
from typing import Any

import brotli
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

_LARGEST_WINDOW = 1 << 16  # bytes; the smallest window that holds a page is the cheapest


class Html(BaseRenderer):
    """Hands on what was rendered, and compressed, already."""

    media_type = "text/html"
    format = "html"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data or b""


class AlwaysHtml(BaseContentNegotiation):
    """Old browsers ask for the strangest types, and read HTML; what they send is a form, or says nothing."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def sheet(html: str, *, accept: str, status: int = 200) -> Response:
    """A page as a response. `accept` is the Accept-Encoding header of the request."""
    body, encoding = squeezed(html.encode(), accept=accept)
    headers = {"Vary": "Accept-Encoding", **({"Content-Encoding": encoding} if encoding else {})}
    return Response(body, status=status, headers=headers)


def squeezed(data: bytes, *, accept: str) -> tuple[bytes, str]:
    """The bytes, and the name of their encoding; it is empty where the browser takes neither br nor gzip."""
    taken = _encodings(accept)
    if "br" in taken:
        window = max(10, min(len(data), _LARGEST_WINDOW).bit_length())
        return brotli.compress(data, mode=brotli.MODE_TEXT, quality=11, lgwin=window), "br"
    if "gzip" in taken:
        return gzip.compress(data, 9, mtime=0), "gzip"
    return data, ""


def _encodings(accept: str) -> set[str]:
    """What the browser takes (RFC 9110 §12.5.3); a weight of 0 means that it does not."""
    taken = set()
    for part in accept.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "").rstrip("0") not in {"q=", "q=0."}:
            taken.add(name.strip())
    return taken
