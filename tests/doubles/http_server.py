"""The frame of our false servers: a real HTTP/1.1 server on loopback, in threads, with answers that a test writes down."""

import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `drops`: after a part of it the connection is gone; `holds`: nothing comes before the server ends."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked; names of headers in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class HttpServer:
    """`with HttpServer() as server:`; a double overrides `answer`, which is called in a thread for each connection."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self._server.server_port
        self.lock = threading.RLock()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.close_all()
        self._server.server_close()

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def give(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        """Write the answer, or what it says instead of it."""
        if answer.holds:
            self._over.wait()
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.body) + (answer.drops and 10)))
        handler.end_headers()
        handler.wfile.write(answer.body)
        if answer.drops:
            handler.close_connection = True


class _Server(ThreadingHTTPServer):
    """Threads that end with the test, however many connections are kept open."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *arguments: Any) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: who hangs up in the middle is a part of the test."""

    def close_all(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def _handler(server: HttpServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            self.request.settimeout(30)
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body)
            server.give(self, server.answer(request))
            self.wfile.flush()

        do_GET = do_POST  # noqa: N815  # the standard library's name

        def log_message(self, *_: Any) -> None: ...

    return Handler
