"""Daphne, the default server, with what it lacks: a drain on SIGTERM (docs/adr/0005-servers.md)."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any, cast

from daphne.server import Server
from twisted.internet import reactor

from backend.servers.stop import stop_gently
from chat.frames import MAX_FRAME

BACKLOG = 4096  # phones that all come back at once; Twisted's own 50 turns most of them away
NEVER = 10**9  # the heartbeat is the device's; a protocol ping cuts slow links (the timer of a pending ping is not cancelled)


def run(*, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    from backend.asgi import application

    server = Server(
        application,
        endpoints=[f"tcp:port={port}:backlog={BACKLOG}:interface={host.replace(':', chr(92) + ':')}"],
        signal_handlers=False,
        ping_interval=NEVER,
        ping_timeout=0,
        websocket_timeout=-1,
        websocket_max_message_size=MAX_FRAME,
        websocket_max_frame_size=MAX_FRAME,
        http_timeout=120,
        server_name="maatje",
    )

    stopping: list[asyncio.Task[None]] = []

    def stop() -> None:
        """Drain at the first signal; the ones that follow change nothing, the drain has its own end."""
        if not stopping:
            stopping.append(asyncio.ensure_future(drain_and_stop()))

    async def drain_and_stop() -> None:
        await stop_gently()
        cast(Any, reactor).stop()

    def started() -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop)
        from chat.engine import engine

        engine()
        ready()

    cast(Any, reactor).callWhenRunning(lambda: asyncio.get_event_loop().call_soon(started))
    server.run()
