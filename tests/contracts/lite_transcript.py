"""Replay the transcripts of docs/lite.md against a running server, with the server's own ids and clocks in the place of the page's."""

import base64
import http.client
import socket
import time
from contextlib import ExitStack
from typing import Any

import msgspec
from websockets.sync.client import ClientConnection, connect

from tests.contracts import lite_page
from tests.contracts.lite_page import Line
from tests.contracts.transcript import PATIENCE, Differs
from tests.contracts.wire import ask
from tests.services.maatje import Maatje

_CLOCKS = {"now", "gap"}
_NAMES = {"life", "stamp"}


class LiteReplay:
    """Plays the phones' lines and compares what they hear. How many messages it takes to say frames is the server's to choose."""

    def __init__(self, maatje: Maatje, *, names: set[str]) -> None:
        self.maatje = maatje
        self.known: dict[Any, Any] = {}  # what the page calls it: what this server calls it
        self.tokens = {name: self._enrol(code) for name, code in maatje.codes().items() if name in names}
        self.sockets: dict[str, ClientConnection] = {}
        self.heard: dict[str, list[list[Any]]] = {}
        self.messages: dict[str, int] = {}
        self._open = ExitStack()

    def _enrol(self, code: str) -> str:
        return str(ask(self.maatje.port, "POST", "enrol", {"code": code}).json["token"])

    def close(self) -> None:
        self._open.close()

    def play(self, line: Line) -> None:
        """:raises Differs:"""
        match line.what:
            case "connects":
                self._connect(line.who, line.said.split())
            case "loses":
                self.sockets.pop(line.who).socket.shutdown(socket.SHUT_RDWR)  # without a goodbye
            case "waits":
                time.sleep(0.7)  # marks linger for half a second
            case ">":
                self.sockets[line.who].send(lite_page.packed(self._ours(line.who, line.value)))
            case "posts":
                self._post(line.who, lite_page.packed(self._ours(line.who, line.value)))
            case "<":
                self._hear(line)

    def _connect(self, who: str, items: list[str]) -> None:
        door = connect(
            self.maatje.socket_url,
            subprotocols=["maatje.v1.lite", *map(self._item, items)],  # type: ignore[list-item]  # a NewType of str
            additional_headers={"Authorization": f"Bearer {self.tokens[who]}"},
            compression=None,
            ping_interval=None,
            proxy=None,
        )
        self.sockets[who] = self._open.enter_context(door)
        self.heard[who], self.messages[who] = [], 0

    def _item(self, item: str) -> str:
        """A cursor in this server's numbers; anything else as it stands."""
        if not item.startswith("c."):
            return item
        said = self._cursor(base64.urlsafe_b64decode(item[2:] + "=" * (-len(item[2:]) % 4)))
        return "c." + base64.urlsafe_b64encode(said).rstrip(b"=").decode()

    def _cursor(self, data: bytes) -> bytes:
        life, *numbers = msgspec.msgpack.decode(data)
        ours = [self.known.get(("stamp", number), number) if place % 4 == 2 else number for place, number in enumerate(numbers)]
        return lite_page.packed([self.known[("life", life)], *ours])

    def _post(self, who: str, body: bytes) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.maatje.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/x-maatje-lite", "Authorization": f"Bearer {self.tokens[who]}"}
        connection.request("POST", "/lite", body, headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        self.heard[who] = lite_page.unpacked(answer.read())
        connection.close()

    def _ours(self, who: str, said: list[Any]) -> list[Any]:
        """What the page's phone says, in this server's numbers; drafts that the phone makes itself stay."""
        return [self._our_frame(who, frame) for frame in said] if isinstance(said[0], list) else self._our_frame(who, said)

    def _our_frame(self, who: str, frame: list[Any]) -> list[Any]:
        layout = lite_page.layout_of(frame, "Up")
        fields = layout.read(frame)
        if layout.name == "ack":
            fields["n"] = self.messages[who]
        if layout.name == "resume" and fields["cursor"] is not None:
            fields["cursor"] = self._cursor(fields["cursor"])
        return layout.write(**fields)

    def _hear(self, line: Line) -> None:
        page = lite_page.unpacked(line.data)
        heard = self.heard[line.who]
        while len(heard) < len(page):
            try:
                said = self.sockets[line.who].recv(PATIENCE)
            except TimeoutError:
                raise Differs(f"{line.written}\nthe server says no more than {heard}") from None
            assert isinstance(said, bytes)
            heard += lite_page.unpacked(said)
            self.messages[line.who] += 1
        now, self.heard[line.who] = heard[: len(page)], heard[len(page) :]
        for one, other in zip(_marks_last(page), _marks_last(now), strict=True):
            self._compare_frames(one, other, line.written)

    def _compare_frames(self, page: list[Any], server: list[Any], line: str) -> None:
        one, other = lite_page.layout_of(page, "Down"), lite_page.layout_of(server, "Down")
        if one != other or len(page) != len(server):
            raise Differs(f"{line}\nthe page says {page}, the server {server}")
        said, heard = one.read(page), other.read(server)
        for name in said:
            if name == "tail" and one.name == "page":
                for entry, its_twin in zip(said["tail"], heard["tail"], strict=True):
                    self._compare_frames(entry, its_twin, line)
            elif name not in _CLOCKS:
                self._compare(name, said[name], heard[name], line)

    def _compare(self, name: str, page: Any, server: Any, line: str) -> None:
        is_own = name in _NAMES or (isinstance(page, bytes) and len(page) == 16)
        if is_own and type(page) is type(server):
            kind = name if name in _NAMES else "id"
            if self.known.setdefault((kind, page), server) != server:
                raise Differs(f"{line}\n{name} {page!r} was {self.known[(kind, page)]!r} before, and is now {server!r}")
        elif page != server:
            raise Differs(f"{line}\n{name}: the page says {page!r}, the server {server!r}")


def _marks_last(arrays: list[list[Any]]) -> list[list[Any]]:
    """Marks are told whenever they rose; all else keeps its order."""
    number = lite_page.layouts("Down")["marks"].number
    return sorted(arrays, key=lambda array: bool(array[0] == number))
