"""Requests to the byte, and a socket that is asked one thing at a time."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROTOCOL = "maatje.v1.json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def code(self) -> str | None:
        """The stable code of a refusal; absent when it is none, or is not ours."""
        try:
            said = self.json
        except ValueError:
            return None
        return said.get("code") if isinstance(said, dict) else None

    def alike(self, *differing: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """What may not tell two answers apart: everything but the clock, and the ids that were asked for."""
        body = self.body
        for text in differing:
            body = body.replace(text.encode(), b"<id>")
        return self.status, sorted((name.lower(), value) for name, value in self.headers if name.lower() != "date"), body


def ask(port: int, method: str, path: str, said: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One request; `said` goes as JSON, or as it is when it is bytes. A path without a slash in front is below /api/v1/."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = said if isinstance(said, bytes) or said is None else json.dumps(said).encode()
    given = {} if body is None else {"Content-Type": "application/json"}
    try:
        connection.request(method, path if path.startswith("/") else f"/api/v1/{path}", body, given | dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, tuple(response.getheaders()), response.read())
    finally:
        connection.close()


def raw(port: int, said: bytes | Sequence[bytes], *, seconds: float = 5) -> bytes:
    """Send bytes as they are, and give the start of what comes back; empty when the server hung up without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        try:
            connection.sendall(said if isinstance(said, bytes) else b"".join(said))
            return b"".join(_until_quiet(connection))
        except (TimeoutError, ConnectionError):
            return b""


def _until_quiet(connection: socket.socket) -> Iterator[bytes]:
    """The first answer, with the first frame when it opened a socket, and whatever comes within a moment after it."""
    said = b""
    try:
        while received := connection.recv(65_536):
            yield received
            said += received
            connection.settimeout(3 if said.startswith(b"HTTP/1.1 101") and b'"type"' not in said else 0.1)
    except (TimeoutError, ConnectionError):
        return


def status_of(said: bytes) -> int | None:
    """The status of a raw answer; absent when there was none."""
    return int(said[9:12]) if said.startswith(b"HTTP/1.") else None


class Line:
    """An open socket: what is asked with a `ref` is answered before the next."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []
        self._refs = 0

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        self._refs += 1
        return self.say(json.dumps({"type": kind, "ref": self._refs, **fields}), ref=self._refs)

    def say(self, text: str | bytes, *, ref: int | None = None) -> dict[str, Any]:
        """Send a frame as it is and give its reply; without `ref`, the next frame that is an error, a reply or a bye."""
        self.connection.send(text)
        while True:
            frame = self.hear()
            if frame["type"] == "bye" or (frame.get("reply_to") == ref if ref is not None else frame["type"] in {"error", "pong", "done"}):
                return frame

    def hear(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=10))
        self.heard.append(frame)
        return frame


@contextmanager
def line(port: int, headers: Mapping[str, str], *, resumes: bool = True, host: str = "127.0.0.1") -> Iterator[Line]:
    """A socket with these headers."""
    with connect(
        f"ws://{host}:{port}/api/v1/socket",
        subprotocols=[PROTOCOL],  # type: ignore[list-item]  # a NewType of str
        additional_headers=dict(headers),
        compression=None,
        ping_interval=None,
        open_timeout=10,
        close_timeout=2,
        proxy=None,
    ) as connection:
        opened = Line(connection)
        opened.hear()
        if resumes:
            opened.ask("resume")
        yield opened
