"""A link to an SMPP centre: whole exchanges, each on time."""

import socket
import ssl
import struct
import time
from contextlib import suppress
from typing import Any

from smpplib import smpp
from smpplib.client import SimpleSequenceGenerator
from smpplib.exceptions import UnknownCommandError

MOST_PDU = 64 * 1024  # bytes; an answer of ours is some 80


class LinkLostError(Exception):
    """The centre cannot be reached, hung up, or said what no centre says."""

    def __init__(self, code: str) -> None:
        self.code = code


class Link:
    """A connection that holds a whole exchange to one deadline. smpplib reads and writes the PDUs.

    smpplib's own client is not used: it logs numbers and words, counts its timeout anew for every byte, and checks no certificate's name.
    """

    def __init__(self, host: str, port: int, *, has_tls: bool, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._sequence = SimpleSequenceGenerator()
        self.used_at = time.monotonic()
        try:
            self._socket = socket.create_connection((host, port), timeout=seconds)
            if has_tls:
                self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
        except TimeoutError:
            raise LinkLostError("timeout") from None
        except ssl.SSLError:
            raise LinkLostError("bad_certificate") from None
        except OSError:
            raise LinkLostError("unreachable") from None

    def ask(self, command: str, seconds: float, **fields: Any) -> Any:
        """Send a request and give back its answer, whatever its status. :raises LinkLostError:"""
        self._ends_at = time.monotonic() + seconds
        request = smpp.make_pdu(command, client=self._sequence, **fields)
        self._write(request)
        while True:
            answer = self._read()
            match answer.command:
                case "enquire_link":
                    alive = smpp.make_pdu("enquire_link_resp", client=self._sequence)
                    alive.sequence = answer.sequence
                    self._write(alive)
                case "unbind" | "outbind":
                    raise LinkLostError("unbound")
                case _ if answer.sequence == request.sequence and answer.is_response():
                    self.used_at = time.monotonic()
                    return answer

    def hang_up(self) -> None:
        """Take leave if the centre listens, and close."""
        with suppress(LinkLostError):
            self.ask("unbind", 1.0)
        self.drop()

    def drop(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def _write(self, pdu: Any) -> None:
        try:
            self._socket.settimeout(self._left())
            self._socket.sendall(pdu.generate())
        except OSError:
            raise LinkLostError("dropped") from None

    def _read(self) -> Any:
        size: int = struct.unpack(">L", self._exactly(4))[0]
        if not 16 <= size <= MOST_PDU:
            raise LinkLostError("no_smpp")
        raw = struct.pack(">L", size) + self._exactly(size - 4)
        try:
            pdu = smpp.parse_pdu(raw, client=self._sequence, allow_unknown_opt_params=True)
        except (UnknownCommandError, struct.error, ValueError, KeyError, IndexError, TypeError, AttributeError):  # what its parser may meet
            pdu = None
        if pdu is None:
            raise LinkLostError("no_smpp")
        return pdu

    def _exactly(self, size: int) -> bytes:
        read = bytearray()
        while len(read) < size:
            try:
                self._socket.settimeout(self._left())
                part = self._socket.recv(size - len(read))
            except TimeoutError:
                raise LinkLostError("timeout") from None
            except OSError:
                raise LinkLostError("dropped") from None
            if not part:
                raise LinkLostError("dropped")
            read += part
        return bytes(read)

    def _left(self) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise LinkLostError("timeout")
        return left
