"""A device as good clients are: it resumes, stores, and acks every 16 frames or every second."""

import asyncio
from collections.abc import Callable

import msgspec

from bench.wire import Wire, connect

ACK_EVERY = 16
ACK_SECONDS = 1.0


class Line(msgspec.Struct):
    """What a bench needs of an entry."""

    seq: int
    kind: str = "message"
    author: int = 0
    body: str = ""
    draft_id: str = ""


class Heard(msgspec.Struct):
    """What a bench needs of any frame."""

    type: str
    conversation: str = ""
    entries: list[Line] = []
    draft_id: str = ""
    seq: int = 0
    code: int | str = ""
    reply_to: int = -1
    epoch: str = ""
    resync: bool = False


_decode = msgspec.json.Decoder(Heard).decode


class Device:
    """One socket of one device."""

    __slots__ = ("_acked", "_frames", "_resumed", "_timer", "heard", "is_open", "lost", "token", "url", "wire")

    wire: Wire

    def __init__(self, url: str, token: str, *, heard: Callable[[Heard], None], lost: Callable[[int], None] | None = None) -> None:
        self.url = url
        self.token = token
        self.heard = heard
        self.lost = lost
        self.is_open = False
        self._frames = self._acked = 0
        self._timer: asyncio.TimerHandle | None = None
        self._resumed: asyncio.Future[None] | None = None

    async def resume(self, *, epoch: str = "", cursors: dict[str, int] | None = None, cards: bool = True) -> None:
        """Connect and wait until the server has said `resumed`. :raises Refused: :raises OSError: :raises ConnectionError:"""
        self._frames = self._acked = 0
        self._resumed = asyncio.get_running_loop().create_future()
        headers = f"Sec-WebSocket-Protocol: maatje.v1.json\r\nAuthorization: Bearer {self.token}\r\n"
        self.wire = await connect(self.url, heard=self._take, closed=self._closed, headers=headers)
        self.is_open = True
        known = {"epoch": epoch} if epoch else {}
        self.wire.send(msgspec.json.encode({"type": "resume", "ref": 1, "cursors": cursors or {}, "cards": cards, **known}))
        await self._resumed
        self._resumed = None

    def _take(self, payload: bytes) -> None:
        frame = _decode(payload)
        self._frames += 1
        self.heard(frame)
        if frame.type == "resumed" and self._resumed is not None and not self._resumed.done():
            self._resumed.set_result(None)
        if self._frames - self._acked >= ACK_EVERY:
            self._ack()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(ACK_SECONDS, self._ack)

    def _ack(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.is_open and self._acked < self._frames:
            self._acked = self._frames
            self.wire.send(b'{"type":"ack","n":%d}' % self._frames)

    def _closed(self, code: int) -> None:
        self.is_open = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._resumed is not None and not self._resumed.done():
            self._resumed.set_exception(ConnectionError(f"closed {code} before it was resumed"))
        elif self.lost is not None:
            self.lost(code)
