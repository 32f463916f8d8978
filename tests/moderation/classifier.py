"""An outside classifier on loopback, which answers as a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Outside:
    """What was asked, and what is answered: `answers` by text, `status`, `raw` in place of an answer, or nothing at all for `is_silent`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.status = 200
        self.raw: bytes | None = None
        self.is_silent = False
        self.over = threading.Event()
        self.url = ""

    def answer(self, asked: dict[str, Any]) -> bytes:
        return self.raw if self.raw is not None else json.dumps({"signals": self.answers.get(asked["text"], [])}).encode()


@contextmanager
def outside() -> Iterator[Outside]:
    told = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.asked.append(asked)
            told.headers.append({name.lower(): value for name, value in self.headers.items()})
            if told.is_silent:
                told.over.wait(30)
                return
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(told.answer(asked))

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/classify"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
