"""Daphne, the default server, with what it lacks: a drain on SIGTERM (docs/adr/0005-servers.md)."""

import asyncio
import signal
import time
from collections.abc import Callable
from typing import Any, cast

from daphne import http_protocol
from daphne.http_protocol import WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor

from backend.servers.stop import stop_gently
from backend.starting import starting
from chat.frames import MAX_FRAME

PONG_SECONDS = 1.0
MOST_SPOOLED = 8 * 1024 * 1024  # bytes of a request kept on disk before ours is asked; what it takes is far less
BACKLOG = 4096  # phones that all come back at once; Twisted's own 50 turns most of them away
NEVER = 10**9  # the heartbeat is the device's; a protocol ping cuts slow links (the timer of a pending ping is not cancelled)


class Protocol(WebSocketProtocol):  # type: ignore[misc]  # daphne is not typed
    """Answers one ping a second (RFC 6455 §5.5.3 lets the latest stand for all): pongs to a peer that never reads pile up."""

    _ponged_at = 0.0

    def onPing(self, payload: bytes) -> None:  # noqa: N802  # autobahn's name
        at = time.monotonic()
        if at - self._ponged_at >= PONG_SECONDS:
            self._ponged_at = at
            self.sendPong(payload)


class Request(WebRequest):  # type: ignore[misc]  # as above
    """Hangs up on a body that nobody of ours would take; Daphne alone writes all of it to disk first."""

    _spooled = 0

    def gotLength(self, length: int | None) -> None:  # noqa: N802  # twisted's name
        super().gotLength(length)
        if length is not None and length > MOST_SPOOLED:
            self.channel.forceAbortClient()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  # twisted's name
        self._spooled += len(data)
        if self._spooled > MOST_SPOOLED:
            self.channel.forceAbortClient()
        else:
            super().handleContentChunk(data)


def run(*, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    with starting():
        from backend.asgi import application  # the apps are ready only now

    WebSocketFactory.protocol = Protocol
    http_protocol.WebRequest = Request  # its factory looks the name up for every connection
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
        from notifications.worker import inside

        engine()
        inside.start()
        ready()

    cast(Any, reactor).callWhenRunning(lambda: asyncio.get_event_loop().call_soon(started))
    server.run()
