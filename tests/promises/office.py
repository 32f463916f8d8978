"""The office: a process beside the servers, without sockets, that does what coordinators and command lines do.

It is asked in lines of JSON, so that tests reach the domain of a house on any database while their own process has none.
What it commits is found by the servers' sweep alone: nobody tells them.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class OfficeSaysNo(Exception):
    """The office could not do it; the first word is the code of the refusal."""


class Office:
    """The tests' end of the line."""

    def __init__(self, env: dict[str, str], *, log: Path) -> None:
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # our own program
                [sys.executable, "-m", "tests.promises.desk"],
                env=env,
                cwd=ROOT,
                stderr=errors,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        self._lock = threading.Lock()

    async def ask(self, what: str, **how: Any) -> Any:
        """Have something done, without holding up the sockets of the test."""
        return await asyncio.to_thread(self.ask_now, what, **how)

    def ask_now(self, what: str, **how: Any) -> Any:
        """:raises OfficeSaysNo:"""
        with self._lock:
            assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
            self._process.stdin.write(json.dumps({"what": what, "how": how}).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        answer = json.loads(line or b'{"problem": "the office is closed"}')
        if "problem" in answer:
            raise OfficeSaysNo(answer["problem"])
        return answer["done"]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **more}
