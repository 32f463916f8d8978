"""An SMS gateway over HTTP on loopback, which answers what the test says.

    with SmsGateway() as gateway:
        gateway.answers["+32470000001"] = [Answer(429, headers={"Retry-After": "30"}), Answer(200)]
        ...                    # post to gateway.url
        gateway.asked          # every request, in order: path, headers, body

A number without answers left is taken with 200 and an id. `Answer(hangs=True)` says nothing until the gateway ends;
`Answer(drops=True)` takes it and hangs up before it says so. What comes with an Idempotency-Key of before is `taken` once, and gets the same id.
"""

import json
import ssl
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drops: bool = False


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]  # names in small letters
    body: bytes

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a JSON body or of a form."""
        if "json" in self.headers["content-type"]:
            return dict(json.loads(self.body))
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


class SmsGateway:
    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.answers: defaultdict[str, list[Answer]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.taken: dict[str, Asked] = {}  # by Idempotency-Key
        self.is_over = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/messages"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            number = str(asked.values.get("to", ""))
            answer = self.answers[number].pop(0) if self.answers[number] else Answer()
            key = asked.headers.get("idempotency-key", "")
            if 200 <= answer.status < 300 and not answer.hangs:
                self.taken.setdefault(key, asked)
                place = list(self.taken).index(key) + 1
                return answer if answer.body is not None else Answer(answer.status, json.dumps({"id": f"sms-{place}"}), drops=answer.drops)
        return answer


def _handler_of(gateway: SmsGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = gateway.answer(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if answer.hangs:
                gateway.is_over.wait(60)
            if answer.hangs or answer.drops:
                self.close_connection = True
                return
            said = (answer.body or "").encode()
            with suppress(OSError):
                self.send_response(answer.status)
                for name, value in {**answer.headers, "Content-Length": str(len(said))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
