"""Where everything is sent to: an SMS gateway on loopback that takes all at once and remembers when."""

import asyncio
import threading
import time
from collections import defaultdict
from typing import Self

from tests.services.process import free_port

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Receiver:
    """In a thread with a loop of its own, so that measuring does not disturb what is measured more than it must."""

    def __init__(self) -> None:
        self.arrivals: dict[str, list[float]] = defaultdict(list)  # by the id that travels along: seconds of the clock
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages"

    def __enter__(self) -> Self:
        self._thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=256)
        asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                await reader.readexactly(int(fields["content-length"]))
                self.arrivals[fields["idempotency-key"]].append(time.time())
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):  # a worker was killed, or has ended
            writer.close()
