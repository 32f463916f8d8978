"""The same person's other device, on `maatje.v1.json`: how many bytes the same message has there."""

import asyncio
import contextlib
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

ACK_EVERY = 8
PATIENCE = 20.0


class JsonDevice:
    """Listens, acks, and remembers the size of the message that carried each text."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self.sizes: asyncio.Queue[tuple[str, int]] = asyncio.Queue()

    async def connect(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        self._socket = await connect(
            self._url, subprotocols=[Subprotocol("maatje.v1.json")], additional_headers=headers, compression=None, ping_interval=None
        )
        await self._say({"type": "resume", "ref": 1})
        self._listening = asyncio.create_task(self._listen(self._socket))

    async def _say(self, frame: dict[str, Any]) -> None:
        await self._socket.send(msgspec.json.encode(frame).decode())

    async def _listen(self, socket: ClientConnection) -> None:
        heard = 0
        with contextlib.suppress(ConnectionClosed):
            async for payload in socket:
                heard += 1
                size = len(payload.encode() if isinstance(payload, str) else payload)
                for entry in msgspec.json.decode(payload).get("entries", ()):
                    self.sizes.put_nowait((entry.get("body", ""), size))
                if heard % ACK_EVERY == 0:
                    await self._say({"type": "ack", "n": heard})

    async def size_of(self, text: str) -> int:
        """Wait for the message with that text. :raises TimeoutError:"""
        async with asyncio.timeout(PATIENCE):
            while True:
                said, size = await self.sizes.get()
                if said == text:
                    return size

    async def close(self) -> None:
        await self._socket.close()
        await self._listening
