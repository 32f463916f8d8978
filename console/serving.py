"""The two files that every page of the console needs, from memory: one style, and one script that begins with htmx."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import brotli
import django_htmx
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

_HERE = Path(__file__).parent / "page"
_HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
PARTS = {"desk.css": (_HERE / "desk.css",), "desk.js": (_HTMX, _HERE / "desk.js")}
_TYPES = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class Kept:
    """A file as it is served; `tag` changes with its bytes."""

    name: str
    plain: bytes

    @property
    def type(self) -> str:
        return _TYPES[self.name]

    @cached_property
    def tag(self) -> str:
        return hashlib.sha256(self.plain).hexdigest()[:12]

    @cached_property
    def squeezed(self) -> dict[str, bytes]:
        return {"br": brotli.compress(self.plain, quality=11), "gzip": gzip.compress(self.plain, mtime=0)}


def address_of(name: str) -> str:
    """Where a file is now: an address that never means another one, so that browsers need not ask again."""
    return reverse("console:file", args=[kept(name).tag, name])


@require_safe
def file(request: HttpRequest, tag: str, name: str) -> HttpResponse:
    """One of the two, to anybody: there is nothing of a person in it."""
    if name not in PARTS:
        raise Http404
    found = kept(name)
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((way for way in ("br", "gzip") if way in accepted), "")
    answer = HttpResponse(found.squeezed.get(encoding, found.plain), content_type=found.type)
    if encoding:
        answer["Content-Encoding"] = encoding
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = "public, max-age=31536000, immutable" if tag == found.tag else "no-cache"
    return answer


def kept(name: str) -> Kept:
    """The file as it was when this process first looked; under DEBUG as it is."""
    paths = PARTS[name]
    return _kept(name, sum(path.stat().st_mtime_ns for path in paths) if settings.DEBUG else 0)


@lru_cache(maxsize=8)
def _kept(name: str, _state: int) -> Kept:
    return Kept(name, b"\n".join(path.read_bytes() for path in PARTS[name]))
