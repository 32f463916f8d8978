"""Sockets of phones: bound to a phone's address, with the congestion control that phones have, and TLS that remembers its ticket."""

import asyncio
import contextlib
import socket
import ssl
from pathlib import Path
from typing import Any

from bench.link.namespaces import SERVER, phone_address

PORT = 443


def be_usual(one: socket.socket) -> None:
    """Send at once, as browsers and proxies do, with the congestion control that most have; accepted sockets inherit both."""
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does not know that these are TCP
    with contextlib.suppress(OSError):  # a kernel without it: its default must do
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")


async def open_socket(phone: int, *, seconds: float) -> socket.socket:
    """A TCP connection of that phone to the server. :raises OSError: :raises TimeoutError:"""
    one = socket.socket()
    one.setblocking(False)
    be_usual(one)
    one.bind((phone_address(phone), 0))
    try:
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(one, (SERVER, PORT))
    except BaseException:
        one.close()
        raise
    return one


class RememberingTls(ssl.SSLContext):
    """TLS of one phone. With `resumes`, the next connection uses the ticket of the one `remember` was told of."""

    session: ssl.SSLSession | None = None
    resumes = False

    @classmethod
    def trusting(cls, root: Path) -> "RememberingTls":
        tls = cls(ssl.PROTOCOL_TLS_CLIENT)
        tls.load_verify_locations(root)
        return tls

    def remember(self, connection: Any) -> None:
        """Keep the ticket; it only comes with the first bytes after the handshake."""
        self.session = connection.session

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        return super().wrap_bio(*arguments, **{**options, "session": self.session if self.resumes else None})
