"""What the other server takes of a request before anybody of ours sees it."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from backend.servers import uvicorn as server

HEAD = b"GET / HTTP/1.1\r\nHost: here\r\n"


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def _say(*pieces: bytes, answers: int = 1) -> bytes:
    """What comes back before the server hangs up, or has answered."""
    config, state = uvicorn.Config(_hello, http=server.Requests, lifespan="off", log_config=None), ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: server.Requests(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    heard = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.001)
        async with asyncio.timeout(2):
            while heard.count(b"hello") < answers and (read := await reader.read(1_000)):
                heard += read
    except ConnectionError:
        pass
    finally:
        writer.close()
        listening.close()
    return heard


class TestRequests:
    def test_may_have_long_heads_one_after_the_other(self) -> None:
        long = b"X-Long: " + b"x" * 20_000 + b"\r\n"

        assert asyncio.run(_say(HEAD, long, b"\r\n" + HEAD, long, b"\r\n", answers=2)).count(b"200 OK") == 2

    def test_may_bring_a_long_body(self) -> None:
        head = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n"

        assert asyncio.run(_say(head, b"x" * 60_000, b"x" * 40_000)).endswith(b"hello")

    @pytest.mark.parametrize("endless", [b"X: " + b"x" * 996 + b"\r\n", b"x" * 1_000], ids=["headers", "header"])
    def test_are_hung_up_on_when_their_head_has_no_end(self, endless: bytes) -> None:
        assert asyncio.run(_say(HEAD + b"X-", *[endless] * 400, b"\r\n\r\n")) == b""

    @pytest.mark.parametrize("said", [b"", HEAD])
    def test_are_hung_up_on_when_their_head_does_not_come(self, said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(server, "HEAD_SECONDS", 0.05)

        assert asyncio.run(_say(said)) == b""
