"""uvicorn, the other server: it drains by itself, but only after ours has told every socket why."""

import asyncio
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from backend.servers.stop import stop_gently
from chat.frames import MAX_FRAME

MOST_UNREAD = 1024 * 1024  # bytes


class Protocol(WebSocketsSansIOProtocol):
    """Hangs up on a handshake that its parser refuses; uvicorn's own leaves such a peer waiting for ever."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_write_buffer_size() > MOST_UNREAD:  # pongs, and whatever else a peer asks for and never reads
            self.transport.abort()
        elif self.conn.handshake_exc is not None and not self.transport.is_closing():
            self.transport.close()


class GentleServer(uvicorn.Server):
    """Tell every socket 4001 before uvicorn would tell them 1012."""

    ready: Callable[[], None]
    _stopping: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        from chat.engine import engine

        engine()
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
    server = GentleServer(
        uvicorn.Config(
            "backend.asgi:application",
            host=host,
            port=port,
            loop="uvloop",
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
