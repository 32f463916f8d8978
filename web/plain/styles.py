"""The one stylesheet, under a name that changes with it, so that a browser fetches it once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from web.plain.sheets import squeezed


@dataclass(frozen=True, slots=True)
class Styles:
    data: bytes
    name: str


def _read() -> Styles:
    data = Path(__file__).with_name("plain.css").read_bytes().replace(b"\n", b"")
    return Styles(data, hashlib.sha256(data).hexdigest()[:6])


STYLES = _read()


@require_safe
def styles(request: HttpRequest, name: str) -> HttpResponse:
    """Kept for a year by whoever fetched it; one of an older page is gone, and that page then looks bare."""
    if name != STYLES.name:
        raise Http404
    body, encoding = squeezed(STYLES.data, accept=request.headers.get("Accept-Encoding", ""))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    return HttpResponse(body, content_type="text/css", headers={**headers, **({"Content-Encoding": encoding} if encoding else {})})
