"""Everything that passes through a Valkey, as somebody who got into it would see it."""

import socket
import threading

LISTEN_TO_ALL = b"PSUBSCRIBE *\r\n"
WATCH_ALL = b"MONITOR\r\n"


class WireTap:
    """Listens until the server ends; `heard` is all that was published and all that was commanded."""

    def __init__(self, port: int) -> None:
        self.heard = bytearray()
        for wish in (LISTEN_TO_ALL, WATCH_ALL):
            threading.Thread(target=self._listen, args=(port, wish), daemon=True).start()

    def _listen(self, port: int, wish: bytes) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(wish)
                while data := connection.recv(1 << 20):
                    self.heard += data
        except OSError:
            return
