"""Replay the transcript of docs/protocol.md against a running server, with the server's own ids in the place of the page's."""

import json
import re
import socket
import urllib.request
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from chat.frames import PROTOCOL
from tests.services.maatje import Maatje

PATIENCE = 10.0
_OWN_TO_EACH_SERVER = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # ids
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"  # times
    r"|mtj_[0-9a-f]{64}"
)


class Differs(AssertionError):
    """The server said something else than the page."""


class Replay:
    """Plays the phones' lines and compares what they hear."""

    def __init__(self, maatje: Maatje) -> None:
        self.maatje = maatje
        self.known: dict[str, str] = {}  # what the page calls it: what this server calls it
        self.tokens: dict[str, str] = {}
        self.sockets: dict[str, ClientConnection] = {}
        self.answers: dict[str, tuple[int, Any]] = {}
        self._open = ExitStack()

    def play(self, line: str) -> None:
        """:raises Differs:"""
        who, what, *rest = line.split(" ", 2)
        match what:
            case "POST":
                self._post(who, *rest[0].split(" ", 1))
            case "connects":
                self._connect(who)
            case "loses":
                self.sockets.pop(who).socket.shutdown(socket.SHUT_RDWR)  # without a goodbye
            case ">":
                self.sockets[who].send(json.dumps(self._ours(json.loads(rest[0]))))
            case "<":
                self._compare(json.loads(rest[0]), json.loads(self.sockets[who].recv(PATIENCE)), line)
            case _:
                status, body = self.answers[who]
                self._compare([int(what), json.loads(rest[0])], [status, body], line)

    def close(self) -> None:
        self._open.close()

    def _post(self, who: str, path: str, body: str) -> None:
        command = json.loads(body)
        if "code" in command:
            command["code"] = self.maatje.codes()[who]
        request = urllib.request.Request(  # loopback
            self.maatje.url + path, json.dumps(command).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # loopback
            answer = json.load(response)
            self.answers[who] = (response.status, answer)
        self.tokens[who] = answer["token"]

    def _connect(self, who: str) -> None:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        door = connect(
            self.maatje.socket_url, subprotocols=[Subprotocol(PROTOCOL)], additional_headers=headers, ping_interval=None, compression=None
        )
        self.sockets[who] = self._open.enter_context(door)

    def _ours(self, said: Any) -> Any:
        """What the page's phone says, in this server's ids; ids that the phone makes itself stay."""
        if isinstance(said, dict):
            return {self._ours(key): self._ours(value) for key, value in said.items()}
        return self.known.get(said, said) if isinstance(said, str) else said

    def _compare(self, page: Any, server: Any, line: str) -> None:
        match page, server:
            case dict(), dict() if page.keys() == server.keys():
                for key in page:
                    self._compare(page[key], server[key], line)
            case list(), list() if len(page) == len(server):
                for one, other in zip(page, server, strict=True):
                    self._compare(one, other, line)
            case str(), str() if _OWN_TO_EACH_SERVER.fullmatch(page) and _OWN_TO_EACH_SERVER.fullmatch(server):
                if self.known.setdefault(page, server) != server:
                    raise Differs(f"{line}\n{page} was {self.known[page]} before, and is now {server}")
            case _ if page != server:
                raise Differs(f"{line}\nthe page says {page!r}, the server {server!r}")
