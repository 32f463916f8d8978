"""uvicorn, the other server: it drains by itself, but only after ours has told every socket why."""

import asyncio
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from backend.servers.stop import stop_gently
from chat.frames import MAX_FRAME


class GentleServer(uvicorn.Server):
    """Tell every socket 4001 before uvicorn would tell them 1012."""

    ready: Callable[[], None]
    _is_stopping = False

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        from chat.engine import engine

        engine()
        self.ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._is_stopping:
            super().handle_exit(sig, frame)
            return
        self._is_stopping = True
        asyncio.get_running_loop().call_soon_threadsafe(lambda: asyncio.ensure_future(self._stop(sig, frame)))

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
            ws="websockets-sansio",
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
