"""The app as a browser gets it: the shell, and what the shell names; then everything else."""

import http.client
import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from bench import chrome

SHELL = "/"
WORKER = "/sw.js"
_LOADED = {"stylesheet", "modulepreload", "manifest", "icon"}


class Missing(Exception):
    """The server does not have a file that the page names."""


class _Names(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and _LOADED & {*(named.get("rel") or "").split()}:
            self.found.append(named["href"] or "")
        elif tag == "script" and "nomodule" not in named and named.get("src"):
            self.found.append(named["src"] or "")


def named_in(shell: str) -> list[str]:
    """What a browser loads because the shell says so."""
    names = _Names()
    names.feed(shell)
    return list(dict.fromkeys(names.found))


def version_of(shell: str) -> str:
    """The version of the page that the shell belongs to."""
    found = re.search(r'data-page="?([0-9a-f]+)', shell)
    return found[1] if found else ""


def first_load(shell: str, *, language: str, dictionary: str) -> list[str]:
    """All that reading and writing in one language need, the shell first. `dictionary` is its address."""
    return [SHELL, *named_in(shell), WORKER, f"/w/words/{language}.js", dictionary]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file as it came. `cached` is how many seconds a browser may keep it unasked."""

    body: bytes
    encoding: str
    cached: int
    head: int  # bytes of its status and headers


class Shop:
    """One keep-alive connection of a browser."""

    def __init__(self, url: str, *, cookie: str = "") -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None  # our own server
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        self._headers = {"User-Agent": chrome.USER_AGENT, **chrome.HEADERS, **({"Cookie": cookie} if cookie else {})}

    def fetch(self, path: str) -> Fetched:
        """:raises Missing:"""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Missing(f"{path}: HTTP {answer.status}")
        age = re.search(r"max-age=(\d+)", answer.getheader("Cache-Control", ""))
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19  # "HTTP/1.1 200 OK", and the empty line
        return Fetched(body, answer.getheader("Content-Encoding", ""), int(age[1]) if age else 0, head)

    def close(self) -> None:
        self._connection.close()


def decode(file: Fetched) -> str:
    """Its text, without the encoding in which it travelled."""
    if file.encoding == "br":
        import brotli  # only a bench needs to read it back

        return str(brotli.decompress(file.body).decode())
    if file.encoding == "gzip":
        import gzip

        return gzip.decompress(file.body).decode()
    return file.body.decode()


def set_low_data(url: str, token: str) -> None:
    """What the person says in the settings."""
    parts = urlsplit(url)
    assert parts.hostname is not None  # our own server
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("PATCH", "/api/v1/me", json.dumps({"low_data": True}), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise Missing(f"PATCH /api/v1/me: HTTP {answer.status}")
