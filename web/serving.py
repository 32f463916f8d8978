"""The page as browsers get it: every file of web/page/, read once and squeezed once, under one version."""

import gzip
import hashlib
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chat import newest_page
from chat.lite import dictionaries
from web.bundling import Bundles, bundled
from web.joining import together
from web.keeping import kept
from web.wording import worded

PAGE = Path(__file__).with_name("page")

# The modules that make the first screens: sent as one file, because together they are smaller, and one request is quicker than ten.
TOGETHER = ("pack.js", "wire.js", "store.js", "link.js", "sync.js", "hearing.js", "showing.js", "view.js", "list.js", "talk.js", "app.js")
# Beside them, on first use: what every visit fetches in the end, what comes with coming in, and three matters that come whole.
BUNDLES: Bundles = {
    "later": ("fresh", "changes", "own", "safe", "post", "help", "turns"),
    "door": ("owner", "enrol"),
    "mine": ("people", "settings", "meter", "letters", "notices"),
    "album": ("upload", "photo", "voice"),
    "dates": ("when", "meet", "plan"),
}
# What a browser must have before somebody can read and write, besides the words of one language and one dictionary.
FIRST_LOAD = ("index.html", "app.css", "app.js")
_SELDOM_ASKED = {"sw.js", "manifest.webmanifest", "icon.svg", "icon.png"}  # browsers ask for these by themselves: once a day is enough

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_AROUND_MARKS = re.compile(r"\s*([{};,]|:(?= ))\s*")  # of CSS; a blank before ":" means something, one behind it nothing
_COMMENTS = {".js": "//", ".css": "/*", ".html": "<!--"}


@dataclass(frozen=True)
class File:
    """One file in its final words; each encoding is made when the first browser asks for it."""

    type: str
    plain: bytes

    @cached_property
    def tag(self) -> str:
        """What it is recognised by, here, in an ETag and in the list of the service worker: 32 bits, which no brotli makes smaller."""
        return urlsafe_b64encode(hashlib.sha256(self.plain).digest()[:4]).rstrip(b"=").decode()

    @cached_property
    def brotli(self) -> bytes:
        return bytes(brotli.compress(self.plain, quality=11))

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.plain, mtime=0)

    def encoded(self, accepted: str) -> tuple[str, bytes]:
        """The smallest form that this Accept-Encoding allows, and its name."""
        names = _names(accepted)
        for name, body in (("br", self.brotli), ("gzip", self.gzip)):
            if name in names and len(body) < len(self.plain):
                return name, body
        return "", self.plain


@dataclass(frozen=True)
class Shelf:
    """All files of one version of the page, by their path below web/page/."""

    version: str
    files: dict[str, File]


def version() -> str:
    """The version of the page that this process serves: 8 hexadecimal digits."""
    return shelf().version


def shelf() -> Shelf:
    """The files as they were when this process first looked; under DEBUG as they are."""
    return _shelf(_state() if settings.DEBUG else 0)


def answer(request: HttpRequest, name: str) -> HttpResponse:
    """One file for one browser: `304` when it has that already, `404` when there is no such file."""
    file = shelf().files.get(name)
    if file is None:
        return HttpResponse(status=404, content_type="text/plain")
    tag = f'W/"{file.tag}"'
    age = "max-age=86400" if name in _SELDOM_ASKED else "no-cache"
    headers = {"ETag": tag, "Cache-Control": age, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304, headers=headers)
        del response["Content-Type"]
    else:
        encoding, body = file.encoded(request.headers.get("Accept-Encoding", ""))
        response = HttpResponse(body, content_type=file.type, headers=headers)
        response["Content-Length"] = str(len(body))
        if encoding:
            response["Content-Encoding"] = encoding
    return response


@lru_cache(maxsize=1)
def _shelf(state: int) -> Shelf:
    apart, is_short = as_written(), not settings.DEBUG
    make = partial(together, apart, TOGETHER, is_short=is_short)
    written = kept(apart, TOGETHER, make) if is_short else make()
    known = " ".join(Path(dictionaries.newest(code).url).stem for code, _ in settings.LANGUAGES)
    written["index.html"] = written["index.html"].replace("@dictionaries", known)
    pictures = {path.name: path.read_bytes() for path in sorted(PAGE.glob("*.png"))}
    made = _version_of({name: text.encode() for name, text in sorted(written.items())} | pictures)
    newest_page.announce(made)
    written |= {name: written[name].replace("@page", made) for name in ("index.html", "sw.js")}
    files = {name: File(TYPES[Path(name).suffix], text.encode()) for name, text in written.items()}
    files |= {name: File(TYPES[".png"], data) for name, data in pictures.items()}
    tags = {name: file.tag for name, file in sorted(files.items()) if name not in {*FIRST_LOAD, *_SELDOM_ASKED}}  # alike beside alike
    files["files.json"] = File(TYPES[".json"], _json(tags).encode())
    first = {name: files[name].tag for name in (*FIRST_LOAD, "files.json")}
    files["sw.js"] = File(TYPES[".js"], files["sw.js"].plain.replace(b"'@files'", _json(first).encode()))
    return Shelf(made, files)


def as_written() -> dict[str, str]:
    """The files before any are joined and shortened; what comes together is together, but under DEBUG."""
    apart = {path.relative_to(PAGE).as_posix(): _as_served(path) for path in _paths()}
    return apart if settings.DEBUG else bundled(worded(apart), BUNDLES)


def _version_of(contents: dict[str, bytes]) -> str:
    """8 hexadecimal digits that are others as soon as anything of it is, whoever reads it."""
    whole = hashlib.sha256()
    for name, data in contents.items():
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(data).digest())
    return whole.hexdigest()[:8]


def _paths() -> list[Path]:
    return sorted(path for path in PAGE.rglob("*") if path.suffix in TYPES.keys() - {".png"})


def _state() -> int:
    """Something else whenever a file was changed."""
    return hash(tuple((path, path.stat().st_mtime_ns) for path in [*_paths(), *PAGE.glob("*.png")]))


def _as_served(path: Path) -> str:
    """Without the lines that only a reader of the source needs, and without what leads a line in."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in {".json", ".webmanifest"}:
        return _json(json.loads(text))
    comment = _COMMENTS.get(path.suffix, "\0")
    said = "\n".join(line for line in map(str.strip, text.splitlines()) if line and not line.startswith(comment))
    return _AROUND_MARKS.sub(r"\1", said).replace(";}", "}") if path.suffix == ".css" else said


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _names(accepted: str) -> set[str]:
    """The encodings of an Accept-Encoding header that are not forbidden by a zero."""
    items = [[part.strip() for part in item.split(";")] for item in accepted.lower().split(",")]
    return {name for name, *weights in items if not any(weight.rstrip("0.") == "q=" for weight in weights)}
