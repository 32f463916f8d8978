import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.services.process import free_port

Answer = Callable[[int, bytes], int]


@pytest.fixture
def server_that_answers() -> Iterator[Answer]:
    """Start a server that answers every question so; its port."""
    running: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_ours = self.path == "/readyz" and self.headers["Host"] == "maatje.example.org"
                self.send_response(status if is_ours else 400)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return int(server.server_address[1])

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".maatje.example.org"]


def health(*arguments: str) -> str:
    said = StringIO()
    call_command("health", *arguments, stdout=said)
    return said.getvalue().strip()


class TestHealthOfTheServer:
    def test_is_said_in_one_line(self, server_that_answers: Answer) -> None:
        port = server_that_answers(200, b'{"ready": true, "problems": {}, "warnings": {}}')

        assert health("--port", str(port)) == f"http://127.0.0.1:{port} is ready."

    def test_comes_with_warnings_that_stop_nobody(self, server_that_answers: Answer) -> None:
        port = server_that_answers(200, json.dumps({"ready": True, "problems": {}, "warnings": {"layer": "Valkey is silent."}}).encode())

        assert health("--port", str(port)).endswith("is ready. Valkey is silent.")

    def test_fails_with_the_remedy_that_the_server_names(self, server_that_answers: Answer) -> None:
        port = server_that_answers(503, json.dumps({"problems": {"migrations": "Run `python manage.py migrate`."}}).encode())

        with pytest.raises(CommandError, match=r"is not ready\. Run `python manage\.py migrate`\.$"):
            health("--port", str(port))

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff"])
    def test_fails_when_somebody_else_answers(self, server_that_answers: Answer, body: bytes) -> None:
        port = server_that_answers(502, body)

        with pytest.raises(CommandError, match="answered 502"):
            health("--port", str(port))

    def test_fails_when_nobody_answers(self) -> None:
        with pytest.raises(CommandError, match="Start Maatje"):
            health("--port", str(free_port()))

    def test_fails_when_it_takes_too_long(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CommandError, match=r"did not answer in 0\.2 s"):
            health("--port", str(silent.getsockname()[1]), "--timeout", "0.2")


@pytest.fixture
def sign_of_life(settings: Settings, tmp_path: Path) -> Path:
    settings.MAATJE_DATA = tmp_path
    return tmp_path / "worker-alive"


class TestHealthOfTheWorker:
    def test_is_good_after_a_round(self, sign_of_life: Path) -> None:
        sign_of_life.touch()

        assert health("--worker").startswith("The worker is well")

    def test_is_bad_before_its_first_round(self, sign_of_life: Path) -> None:
        with pytest.raises(CommandError, match="has not finished a round"):
            health("--worker")

    def test_is_bad_when_the_last_round_is_long_ago(self, sign_of_life: Path) -> None:
        sign_of_life.touch()
        ten_minutes_ago = time.time() - 600
        os.utime(sign_of_life, (ten_minutes_ago, ten_minutes_ago))

        with pytest.raises(CommandError, match="10 minutes ago"):
            health("--worker")
