"""A phone that trusts nothing but its own list: it comes back whenever it can, and sends again what was not answered.

Written from the protocol alone. What the server does wrong is not repaired here but kept in `holes` for the test to see.
"""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Literal

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.promises.notebook import Draft, Frame, Notebook

PROTOCOL = "maatje.v1.json"
ACK_AFTER = 0.02
ANSWERS_WITHIN = 10.0  # seconds; then it comes back with another socket
PATIENCE = 30.0  # seconds; longer than anything takes, also where the machine is slow
SIGNED_OUT = 4500  # and above: do not come back
WORTH_ANOTHER_TRY = {"try_again", "too_fast"}


class Gone(Exception):
    """The socket ended before the answer came."""


class Device(Notebook):
    """One phone of one person. What it wrote down outlives its sockets."""

    def __init__(
        self, url: str, holder: Mapping[str, Any], *, from_start: tuple[str, ...] = (), acks: bool | Literal["each"] = True
    ) -> None:
        super().__init__(from_start)
        self.url = url
        self.holder = dict(holder)
        self.acks = acks
        self.close_codes: list[int | None] = []
        self.socket: ClientConnection | None = None
        self.protocol: str | None = None
        self._refs = 0
        self._received = 0
        self._sent_drafts: dict[int, Draft] = {}
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # The socket.

    async def connect(self, *, resumes: bool = True, headers: Mapping[str, str] | None = None) -> "Device":
        """Open a socket; say how far it got, and send again what was not answered."""
        given = {"Authorization": f"Bearer {self.holder['token']}"} if headers is None else dict(headers)
        self.socket = await connect(
            self.url, subprotocols=[PROTOCOL], additional_headers=given, ping_interval=None, compression=None, max_size=None,  # type: ignore[list-item]  # a str will do
            close_timeout=2, open_timeout=ANSWERS_WITHIN,
        )  # fmt: skip
        self.protocol = self.socket.subprotocol
        self._received = 0
        self._waiting.clear()
        self._sent_drafts.clear()
        self._reader = asyncio.create_task(self._read(self.socket))
        if resumes:
            await self.resume()
        return self

    async def resume(self) -> Frame:
        await self.until(lambda: bool(self.epoch) or not self.is_open, seconds=ANSWERS_WITHIN)
        answer = await self.request("resume", epoch=self.epoch, cursors=dict(self.cursors))
        for draft in list(self.drafts.values()):
            await self._submit(draft)
        return answer

    @property
    def is_open(self) -> bool:
        return self._reader is not None and not self._reader.done()

    def keep_connected(self) -> None:
        """From now on come back whenever the socket ends, until `leave_alone`."""
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            if self._reader is not None:
                await asyncio.wait([self._reader])
            if self.byes and self.byes[-1]["code"] >= SIGNED_OUT:
                return
            try:
                await self.connect()
            except (OSError, WebSocketException, Gone, TimeoutError, AssertionError):
                self.cut()  # a socket that said nothing for so long is of no use
                await asyncio.sleep(0.1)

    async def leave_alone(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
            self._keeper = None

    def cut(self) -> None:
        """Lose the network: no close frame, no more bytes either way."""
        if self.socket is not None:
            self.socket.transport.abort()

    async def drop(self) -> None:
        self.cut()
        await self.ended()

    async def hang_up(self) -> None:
        await self.leave_alone()
        if self.socket is not None:
            await self.socket.close()
            await self.ended()

    async def ended(self, *, seconds: float = ANSWERS_WITHIN) -> int | None:
        """Wait until the socket is over, and say with which code."""
        assert self._reader is not None  # it was connected
        await asyncio.wait_for(asyncio.shield(self._reader), seconds)
        return self.close_codes[-1]

    async def __aenter__(self) -> "Device":
        return self if self.is_open else await self.connect()

    async def __aexit__(self, *_: object) -> None:
        await self.leave_alone()
        self.cut()
        if self._reader is not None:
            await asyncio.wait([self._reader], timeout=5)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for raw in socket:
                self._received += 1
                self._take(json.loads(raw))
                if self.acks == "each":
                    await self.ack_now()
                elif self.acks:
                    self._ack_soon(socket)
        except ConnectionClosed:
            pass
        await socket.wait_closed()  # an ack that came too late ends the reading before the code is there
        self.close_codes.append(socket.close_code)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Gone())
                waiting.exception()
        self._news.set()

    def _ack_soon(self, socket: ClientConnection) -> None:
        if not any(task.get_name() == "ack" for task in self._tasks):
            self._start(self._ack(socket), name="ack")

    async def _ack(self, socket: ClientConnection) -> None:
        await asyncio.sleep(ACK_AFTER)
        if socket is self.socket:
            await self.say({"type": "ack", "n": self._received})

    async def ack_now(self) -> None:
        await self.say({"type": "ack", "n": self._received})

    def _start(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What comes in.

    def _take(self, frame: Frame) -> None:
        self.frames.append((time.monotonic(), frame))
        match frame["type"]:
            case "welcome":
                self.epoch = self.epoch or frame["epoch"]
            case "resumed":
                self._resumed(frame)
            case "conversation":
                self.cards[frame["card"]["id"]] = frame["card"]
            case "entries":
                for entry in frame["entries"]:
                    self.apply(frame["conversation"], entry)
            case "marks":
                for mark in frame["marks"]:
                    self.marks[frame["conversation"]][mark["number"]].append(mark)
            case "bye":
                self.byes.append(frame)
            case "sent":
                self._sent(frame)
            case "error" if frame.get("reply_to") in self._sent_drafts:
                self._refused(frame)
        self._reply(frame)
        self._news.set()

    def _sent(self, frame: Frame) -> None:
        self.answers[frame["draft_id"]].append({key: value for key, value in frame.items() if key != "reply_to"})
        draft = self.drafts.pop(frame["draft_id"], None) or self._sent_drafts.get(frame["reply_to"])
        if draft is None or frame["seq"] != self.cursors.get(draft.conversation, 0) + 1:
            return
        kind = "message" if draft.kind == "send" else draft.kind
        entry = {
            "seq": frame["seq"],
            "kind": kind,
            "author": self.number_in(draft.conversation),
            "at": frame["at"],
            "draft_id": draft.draft_id,
        }
        entry |= {} if draft.body is None else {"body": draft.body}
        self.apply(draft.conversation, entry | ({} if draft.target is None else {"target": draft.target}))

    def _refused(self, frame: Frame) -> None:
        draft = self._sent_drafts[frame["reply_to"]]
        if frame["code"] == "not_resumed":  # it was written while the socket was opening; resuming sends it again
            return
        if frame["code"] in WORTH_ANOTHER_TRY:
            self._start(self._again(draft, self.socket, frame.get("retry_after", 1)), name="retry")
            return
        self.drafts.pop(draft.draft_id, None)
        self.answers[draft.draft_id].append({key: value for key, value in frame.items() if key != "reply_to"})

    async def _again(self, draft: Draft, socket: ClientConnection | None, seconds: float) -> None:
        """On this socket only: the next one begins with sending everything again."""
        await asyncio.sleep(seconds)
        if draft.draft_id in self.drafts and self.is_open and self.socket is socket:
            await self._submit(draft)

    def _reply(self, frame: Frame) -> None:
        waiting = self._waiting.pop(frame.get("reply_to", -1), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    # What goes out.

    async def say(self, frame: Frame) -> None:
        """Send a frame and expect nothing; on a dead network that is what happens."""
        await self.say_raw(json.dumps(frame, ensure_ascii=False))

    async def say_raw(self, raw: str | bytes) -> None:
        assert self.socket is not None  # it was connected
        try:
            await self.socket.send(raw)
        except ConnectionClosed:
            pass

    async def request(self, kind: str, *, seconds: float = ANSWERS_WITHIN, **fields: Any) -> Frame:
        """Send a command and wait for its reply, whatever it is. :raises Gone:"""
        self._refs += 1
        if not self.is_open:
            raise Gone
        answer = self._waiting[self._refs] = asyncio.get_running_loop().create_future()
        await self.say({"type": kind, "ref": self._refs, **fields})
        return await asyncio.wait_for(answer, seconds)

    async def write(self, conversation: str, body: str | None, **more: Any) -> Draft:
        """Keep a draft and send it; the answer comes when it comes."""
        draft = Draft(conversation, body, **more)
        self.drafts[draft.draft_id] = draft
        if self.is_open:
            await self._submit(draft)
        return draft

    async def _submit(self, draft: Draft) -> int:
        self._refs += 1
        self._sent_drafts[self._refs] = draft
        await self.say(draft.frame(self._refs))
        return self._refs

    async def repeat(self, draft: Draft, *, seconds: float = ANSWERS_WITHIN) -> Frame:
        """Send a draft (again) and wait for this very reply."""
        self._refs += 1
        self._sent_drafts[self._refs] = draft
        answer = self._waiting[self._refs] = asyncio.get_running_loop().create_future()
        await self.say(draft.frame(self._refs))
        return await asyncio.wait_for(answer, seconds)

    async def send(self, conversation: str, body: str | None, *, seconds: float = PATIENCE, **more: Any) -> Frame:
        """Say something and wait until it is answered, over as many sockets as that takes."""
        draft = await self.write(conversation, body, **more)
        await self.until(lambda: bool(self.answers[draft.draft_id]), seconds=seconds)
        return self.answers[draft.draft_id][-1]

    # What the test asks.

    async def until(self, is_so: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
        """Wait until something is so. :raises AssertionError: with what this phone has."""
        end = time.monotonic() + seconds
        while not is_so():
            self._news.clear()
            left = end - time.monotonic()
            assert left > 0, f"not so within {seconds} s: {self!r}"
            try:
                await asyncio.wait_for(self._news.wait(), min(left, 0.5))
            except TimeoutError:
                continue

    async def has(self, conversation: str, seq: int, *, seconds: float = PATIENCE) -> None:
        """Wait until the list goes this far."""
        await self.until(lambda: self.cursors.get(conversation, 0) >= seq, seconds=seconds)

    async def hears(self, body: str, *, seconds: float = PATIENCE) -> None:
        await self.until(lambda: self.knows(body), seconds=seconds)

    def __repr__(self) -> str:
        tail = [str(frame)[:160] for _, frame in self.frames[-5:]]
        return f"<Device cursors={self.cursors} drafts={len(self.drafts)} open={self.is_open} codes={self.close_codes} last={tail}>"
