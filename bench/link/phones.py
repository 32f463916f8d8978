"""The phones' process, in their namespace: `python -m bench.link.phones PROFILE`, with one JSON object on stdin.

It says its steps on stdout, a JSON object a line, and on the last one what it found.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from bench import chrome
from bench.link.counts import Count, Counts
from bench.link.namespaces import SERVER
from bench.link.sockets import RememberingTls, open_socket
from bench.pairs import Pair
from tests.lite.books import Book
from tests.lite.device import Device
from tests.lite.frames import Welcome

CONNECT_SECONDS = 15.0


class Task(msgspec.Struct):
    """What a run gives its phones."""

    pair: Pair
    folder: str
    book: str  # the dictionary's name; its bytes are beside it
    book_file: str
    book_url: str
    language: str
    phrases: list[str]
    seconds: float = 0.0


class LinkPhone(Device):
    """A device whose every connection goes over the link, with TLS that remembers when it may."""

    def __init__(self, task: Task, number: int, **options: Any) -> None:
        self.number = number
        self.tls = RememberingTls.trusting(Path(task.folder) / "root.pem")
        self.counts = Counts(Path(task.folder) / "counts")
        super().__init__(
            f"wss://{SERVER}/api/v1/socket", task.pair.seats[number].token,
            books=[Book(task.book, Path(task.book_file).read_bytes())],
            ssl=self.tls, server_hostname=SERVER, additional_headers=chrome.OF_A_SOCKET, user_agent_header=chrome.USER_AGENT,
            origin=f"https://{SERVER}", open_timeout=CONNECT_SECONDS, **options,
        )  # fmt: skip

    @property
    def count(self) -> Count:
        """What passed at IP level until now."""
        return self.counts.of(self.number)

    async def connect(self) -> Welcome:
        self.options["sock"] = await open_socket(self.number, seconds=CONNECT_SECONDS)
        welcome = await super().connect()
        assert self._socket is not None  # connected
        self.tls.remember(self._socket.transport.get_extra_info("ssl_object"))
        return welcome


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    from bench.link import slow, storm

    run = storm.run if sys.argv[1] == "bad" else slow.run
    say(found=asyncio.run(run(msgspec.json.decode(sys.stdin.readline(), type=Task))))
