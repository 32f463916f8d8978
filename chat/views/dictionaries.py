"""Dictionaries of short messages, as devices fetch them once and keep them for good."""

import gzip
from functools import cache

import brotli
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from chat.lite import dictionaries

_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_KEPT = {"Content-Type", "Content-Length", "Content-Encoding", *_HEADERS}  # other headers mean nothing for it, and are paid for


@require_safe
def dictionary(request: HttpRequest, name: str, start: str) -> HttpResponse:
    """The file of a dictionary; its address holds the start of its hash, so that an address never changes its meaning."""
    found = dictionaries.get(name)
    if found is None or found.sha256[:8] != start:
        return HttpResponse(status=404, content_type="text/plain")
    forms = _forms(name)
    accepted = request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
    encoding = next((form for form in ("br", "gzip") if any(_allows(item, form) for item in accepted)), "")
    response = HttpResponse(forms[encoding], content_type="application/octet-stream", headers=_HEADERS)
    response["Content-Length"] = str(len(forms[encoding]))
    if encoding:
        response["Content-Encoding"] = encoding
    response.kept_headers = _KEPT  # type: ignore[attr-defined]  # read by the outermost middleware, on the way out
    return response


@require_safe
def newest(request: HttpRequest) -> JsonResponse:
    """The newest dictionary of each language: its name, its address and the hash of its bytes."""
    found = {code: dictionaries.newest(code) for code in dictionaries.languages()}
    listed = {code: {"name": one.name, "url": one.url, "sha256": one.sha256} for code, one in found.items()}
    return JsonResponse(listed, headers={"Cache-Control": "no-cache"})


def _allows(item: str, encoding: str) -> bool:
    """Whether an item of Accept-Encoding names this encoding, and not to forbid it with a weight of zero."""
    name, _, weight = item.partition(";")
    return name == encoding and weight.rstrip("0.") != "q="


@cache
def _forms(name: str) -> dict[str, bytes]:
    data = dictionaries.offered()[name].data
    return {"": data, "br": brotli.compress(data, quality=11), "gzip": gzip.compress(data, mtime=0)}
