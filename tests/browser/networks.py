"""A network that lets pages through, but no sockets: as some old proxies and mobile operators do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Habit = Literal["refuses", "swallows"]
NO = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := one.recv(65_536):
            other.sendall(said)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _carry(phone: socket.socket, port: int, habit: Habit) -> None:
    with phone, suppress(OSError):
        first = phone.recv(65_536)
        if b"upgrade: websocket" in first.lower():
            if habit == "refuses":
                phone.sendall(NO)
            else:
                phone.recv(1)  # until the phone gives up
            return
        with socket.create_connection(("127.0.0.1", port)) as server:
            server.sendall(first)
            back = threading.Thread(target=_pass_on, args=(server, phone), daemon=True)
            back.start()
            _pass_on(phone, server)
            back.join()


@contextmanager
def without_sockets(port: int, habit: Habit) -> Iterator[str]:
    """The address at which the server of this port is reached through it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=_carry, args=(listener.accept()[0], port, habit), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"http://localhost:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
