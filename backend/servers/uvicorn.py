"""uvicorn, the other server: it drains by itself, but only after ours has told every socket why."""

import asyncio
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend.servers.stop import stop_gently
from backend.starting import starting
from chat.frames import MAX_FRAME

MOST_UNREAD = 1024 * 1024  # bytes
MOST_HEAD = 32 * 1024  # bytes, give or take what is read at once
HEAD_SECONDS = 30  # over 2G a head takes a second


class Protocol(WebSocketsSansIOProtocol):
    """Hangs up on a handshake that its parser refuses; uvicorn's own leaves such a peer waiting for ever."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_write_buffer_size() > MOST_UNREAD:  # pongs, and whatever else a peer asks for and never reads
            self.transport.abort()
        elif self.conn.handshake_exc is not None and not self.transport.is_closing():
            self.transport.close()


class Requests(HttpToolsProtocol):
    """Hangs up on a head (request line and headers) that is too long, or does not come to its end."""

    _is_in_head = True
    _head_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEAD_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head, self._head_bytes = True, 0
        self._stop_clock()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._stop_clock()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()


class GentleServer(uvicorn.Server):
    """Tell every socket 4001 before uvicorn would tell them 1012."""

    ready: Callable[[], None]
    _stopping: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        from chat.engine import engine
        from notifications.worker import inside

        engine()
        inside.start()
        self.ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain at the first signal; the ones that follow change nothing, the drain has its own end."""
        if self._stopping is None:
            loop = asyncio.get_running_loop()
            self._stopping = loop.create_task(self._stop(sig, frame))

    async def _stop(self, sig: int, frame: FrameType | None) -> None:
        await stop_gently()
        super().handle_exit(sig, frame)


def run(*, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    with starting():
        import backend.asgi  # noqa: F401  # the apps are ready only now
    server = GentleServer(
        uvicorn.Config(
            "backend.asgi:application",
            host=host,
            port=port,
            loop="uvloop",
            http=Requests,
            ws=Protocol,
            ws_max_size=MAX_FRAME,
            ws_ping_interval=None,
            ws_per_message_deflate=False,
            lifespan="off",
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=5,
            limit_concurrency=None,
            proxy_headers=False,
        )
    )
    server.ready = ready
    server.run()
