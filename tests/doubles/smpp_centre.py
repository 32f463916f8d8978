"""A short message centre on loopback that speaks SMPP 3.4 by itself, byte for byte, so that it does not share a library's mistakes.

    with SmppCentre() as centre:
        centre.statuses["32470000001"] = [RTHROTTLED, ROK]   # of submit_sm, in turn; ROK afterwards
        centre.bind_statuses = [RINVPASWD]                   # of binds, in turn
        ...                                                  # connect to centre.host, centre.port; "maatje", "secret"
        centre.submitted                                     # every submit_sm that was answered ROK
        centre.commands                                      # the name of every request, in order

`drops_on` holds numbers at whose message it hangs up, once; `hangs_on` numbers at which it says nothing more on that link; `babbles_on` numbers
that it answers with what is no SMPP; `asks_first` makes it want an answer to an enquire_link before each of its own; `hang_up()` closes every link.
"""

import socket
import socketserver
import ssl
import struct
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

ROK, RSYSERR, RINVDSTADR, RBINDFAIL, RINVPASWD, RINVSYSID = 0x00, 0x08, 0x0B, 0x0D, 0x0E, 0x0F
RMSGQFUL, RTHROTTLED, RALYBND, RINVMSGLEN, RINVSRCADR, RINVBNDSTS = 0x14, 0x58, 0x05, 0x01, 0x0A, 0x04
NAMES = {0x02: "bind_transmitter", 0x04: "submit_sm", 0x06: "unbind", 0x15: "enquire_link"}
ANSWER = 0x80000000
GENERIC_NACK = 0x80000000
USER_MESSAGE_REFERENCE = 0x0204
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = {0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}


@dataclass(frozen=True)
class Submitted:
    source: str
    source_ton: int
    source_npi: int
    to: str
    to_ton: int
    to_npi: int
    esm_class: int
    validity: str
    registered: int
    coding: int
    message: bytes
    reference: int | None

    @property
    def header(self) -> bytes:
        """The user data header of a part: which message, of how many, which one."""
        return self.message[: self.message[0] + 1] if self.esm_class & 0x40 else b""

    @property
    def text(self) -> str:
        data = self.message[len(self.header) :]
        if self.coding == 8:
            return data.decode("utf-16-be")
        codes = iter(data)
        return "".join(EXTENDED[next(codes)] if code == 0x1B else BASIC[code] for code in codes)


class SmppCentre:
    host = "127.0.0.1"

    def __init__(self, system_id: str = "maatje", password: str = "secret", *, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.who = (system_id, password)
        self.statuses: defaultdict[str, list[int]] = defaultdict(list)
        self.bind_statuses: list[int] = []
        self.drops_on: set[str] = set()
        self.hangs_on: set[str] = set()
        self.babbles_on: set[str] = set()
        self.asks_first = False
        self.commands: list[str] = []
        self.submitted: list[Submitted] = []
        self.is_over = threading.Event()
        self._links: set[socket.socket] = set()
        self._server = socketserver.ThreadingTCPServer((self.host, 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self.hang_up()

    def hang_up(self) -> None:
        for link in list(self._links):
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def serve(self, link: socket.socket) -> None:
        self._links.add(link)
        is_bound = False
        with suppress(OSError, EOFError):
            while True:
                size, command, _, number = struct.unpack(">LLLL", _exactly(link, 16))
                body = _exactly(link, size - 16)
                self.commands.append(NAMES.get(command, hex(command)))
                if self.asks_first and is_bound:
                    link.sendall(struct.pack(">LLLL", 16, 0x15, 0, 7_000))
                    if struct.unpack(">LLLL", _exactly(link, 16)) == (16, 0x15 | ANSWER, ROK, 7_000):
                        self.commands.append("enquire_link_resp")
                match NAMES.get(command):
                    case "bind_transmitter":
                        status = self._bind(body)
                        is_bound = status == ROK
                        _answer(link, command, status, number, b"centre\0" if is_bound else b"")
                    case "submit_sm":
                        self._submit(link, number, body, is_bound=is_bound)
                    case "enquire_link":
                        _answer(link, command, ROK, number)
                    case "unbind":
                        _answer(link, command, ROK, number)
                        return
                    case _:
                        link.sendall(struct.pack(">LLLL", 16, GENERIC_NACK, 0x03, number))
        self._links.discard(link)

    def _bind(self, body: bytes) -> int:
        if self.bind_statuses:
            return self.bind_statuses.pop(0)
        system_id, password, _ = body.split(b"\0", 2)
        if system_id.decode() != self.who[0]:
            return RINVSYSID
        return ROK if password.decode() == self.who[1] else RINVPASWD

    def _submit(self, link: socket.socket, number: int, body: bytes, *, is_bound: bool) -> None:
        message = _read(body)
        if message.to in self.drops_on:
            self.drops_on.discard(message.to)
            raise EOFError
        if message.to in self.hangs_on:
            self.is_over.wait(60)
            raise EOFError
        if message.to in self.babbles_on:
            link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        status = self.statuses[message.to].pop(0) if self.statuses[message.to] else ROK
        status = status if is_bound else RINVBNDSTS
        if status == ROK:
            self.submitted.append(message)
        _answer(link, 0x04, status, number, f"m{len(self.submitted)}\0".encode() if status == ROK else b"")


def _read(body: bytes) -> Submitted:
    """The fields of a submit_sm (SMPP 3.4 §4.4.1), then its optional ones."""
    at = 0

    def text() -> str:
        nonlocal at
        end = body.index(b"\0", at)
        found, at = body[at:end].decode("ascii"), end + 1
        return found

    def byte() -> int:
        nonlocal at
        at += 1
        return body[at - 1]

    text()  # service type
    source_ton, source_npi, source = byte(), byte(), text()
    to_ton, to_npi, to = byte(), byte(), text()
    esm_class, _, _ = byte(), byte(), byte()
    text()  # schedule
    validity, registered, _, coding, _, size = text(), byte(), byte(), byte(), byte(), byte()
    message, at = body[at : at + size], at + size
    reference = None
    while at < len(body):
        tag, length = struct.unpack_from(">HH", body, at)
        if tag == USER_MESSAGE_REFERENCE:
            reference = int.from_bytes(body[at + 4 : at + 4 + length], "big")
        at += 4 + length
    return Submitted(source, source_ton, source_npi, to, to_ton, to_npi, esm_class, validity, registered, coding, message, reference)


def _answer(link: socket.socket, command: int, status: int, number: int, body: bytes = b"") -> None:
    link.sendall(struct.pack(">LLLL", 16 + len(body), command | ANSWER, status, number) + body)


def _exactly(link: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        part = link.recv(size - len(read))
        if not part:
            raise EOFError
        read += part
    return read


def _handler_of(centre: SmppCentre) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), centre.tls.wrap_socket(self.request, server_side=True) if centre.tls else self.request as link:
                centre.serve(link)  # or nothing, to a client that does not trust us

    return Handler
