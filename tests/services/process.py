"""A child process that never outlives us and is only ever ended by its own id."""

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PATIENCE = 90.0  # a start takes one second of a processor; machines that do much else have stood still for forty


def free_port() -> int:
    """One that nobody listens on. Below those that systems give to whoever calls somebody: until it is taken, nobody else is given it."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Process:
    """One started program with its log."""

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, **options: Any) -> None:
        self.log = log
        self.command = list(command)
        with log.open("ab") as file:
            self.popen = subprocess.Popen(  # our own programs
                self.command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env, **options
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
        """:raises RuntimeError: it ended or took too long; the end of its log is in the message."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.popen.poll() is not None:
                break
            if is_ready():
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"{self.command[:3]} did not start:\n{self.said()[-3000:]}")

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def send(self, signum: int) -> None:
        if self.popen.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """kill -9, and wait."""
        self.send(signal.SIGKILL)
        self.popen.wait()

    def stop(self, *, seconds: float = 30) -> int:
        """SIGTERM, and wait; kill when it does not listen."""
        self.send(signal.SIGTERM)
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
