"""The phone of `device.py` on `maatje.v1.lite`: the same list, drafts and marks, by socket and by POST, said and heard as `tests/lite` reads the page.

Two implementations watch every entry: the memory of `tests/lite`, which makes the cursor, and the list of `device.py`, which knows no slots.
"""

import asyncio
import base64
import http.client
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.lite.books import Book
from tests.lite.frames import Budget as BudgetUsed
from tests.lite.frames import Bye, Card, Done, Entry, Error, Head, Marks, Page, Pong, Sent, Unreadable, Welcome, pack
from tests.lite.frames import Frame as LiteFrame
from tests.lite.hearing import Asked, Hearing
from tests.lite.meetings import asked as meet
from tests.lite.memory import Memory
from tests.lite.post import CONTENT_TYPE, NotTaken
from tests.promises.device import Device, Gone
from tests.promises.notebook import Draft, Frame

SUBPROTOCOL = "maatje.v1.lite"
MOST_DRAFTS = 40  # in one POST
UNHEARD_OF = 9_999  # a slot that nobody has
_FOLDER = Path(__file__).resolve().parent.parent.parent / "chat" / "lite" / "dictionaries"
_KINDS = {"send": "message", "edit": "edit", "retract": "retract"}
NL = Book("nl1", (_FOLDER / "nl1.bin").read_bytes())


class LitePhone(Device):
    """One phone, on lite. `visit` is a whole visit in one POST, for when it has no socket."""

    def __init__(
        self, url: str, holder: Mapping[str, Any], *, acks: bool | Literal["each"] = True, books: Sequence[Book] = (NL,),
    ) -> None:  # fmt: skip
        super().__init__(url, holder, acks=acks)
        self.books = list(books)
        self.memory = Memory()
        self.heads: list[Head] = []
        self.hearing = Hearing(self.memory, self.books)
        self._welcomes = 0
        self._meets: dict[int, tuple[str, str]] = {}  # what was asked of meetings, by `ref`: conversation and draft

    # The socket.

    def offers(self) -> list[str]:
        """The subprotocols of the next upgrade."""
        cursor = self.memory.cursor()
        known = [f"c.{base64.urlsafe_b64encode(cursor).rstrip(b'=').decode()}"] if cursor else []
        return [SUBPROTOCOL, *known, *(f"d.{book.name}" for book in self.books)]

    async def connect(
        self, *, resumes: bool = True, headers: Mapping[str, str] | None = None, offers: Sequence[str] | None = None
    ) -> "LitePhone":
        """Open a socket with the cursor, and once welcomed send again what was not answered. :raises Gone:"""
        given = {"Authorization": f"Bearer {self.holder['token']}"} if headers is None else dict(headers)
        self.socket = await connect(
            self.url, subprotocols=self.offers() if offers is None else offers, additional_headers=given, ping_interval=None,  # type: ignore[arg-type]  # a str will do
            compression=None, max_size=None, close_timeout=2, open_timeout=10,
        )  # fmt: skip
        self.hearing = Hearing(self.memory, self.books)
        self._received, self._welcomes = 0, 0
        self._waiting.clear()
        self._sent_drafts.clear()
        self._reader = asyncio.create_task(self._read(self.socket))
        if resumes:
            await self.resume()
        return self

    async def resume(self) -> Frame:
        """There is nothing to ask: the cursor rode in the upgrade."""
        await self.until(lambda: bool(self._welcomes) or not self.is_open)
        if not self._welcomes:
            raise Gone
        for draft in list(self.drafts.values()):
            await self._submit(draft)
        return {}

    async def __aenter__(self) -> "LitePhone":
        return self if self.is_open else await self.connect()

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for raw in socket:
                assert isinstance(raw, bytes)
                self._received += 1
                self._hear(self.hearing, raw)
                if self.acks == "each":
                    await self.ack_now()
                elif self.acks:
                    self._ack_soon(socket)
        except ConnectionClosed:
            pass
        except Unreadable as problem:
            self.holes.append({"unreadable": str(problem)})
            socket.transport.abort()
        await socket.wait_closed()  # an ack that came too late ends the reading before the code is there
        self.close_codes.append(socket.close_code)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Gone())
                waiting.exception()
        self._news.set()

    def _hear(self, hearing: Hearing, raw: bytes) -> None:
        for frame in hearing.hear(raw):
            if isinstance(frame, Welcome):
                self._welcomed(frame)
            elif isinstance(frame, Head):
                self.heads.append(frame)
                self._news.set()
            elif said := self._in_json(frame):
                self._take(said)

    def _welcomed(self, welcome: Welcome) -> None:
        self._welcomes += 1
        if welcome.is_afresh:
            self._resumed({"resync": self.epoch is not None, "epoch": str(self.memory.life)})
        self._news.set()

    # One visit in one POST.

    async def visit(self, *commands: list[Any], wait: int | None = None, asks: bool = True) -> list[Frame]:
        """Post what was not answered yet; the frames of the answer. With a cursor of another life nothing is written.

        :raises NotTaken: :raises OSError:
        """
        drafts = list(self.drafts.values())[:MOST_DRAFTS] if asks and self.memory.life is not None else []
        hearing = Hearing(self.memory, self.books)
        said = [self._array_for(hearing, draft.frame(self._note(draft))) for draft in drafts]
        body = pack([-10, self.memory.cursor(), wait, [book.name for book in self.books] or None], *said, *commands)
        raw = await self.post(body)
        before = len(self.frames)
        self._hear(hearing, raw)
        return [frame for _, frame in self.frames[before:]]

    def _note(self, draft: Draft) -> int:
        self._refs += 1
        self._sent_drafts[self._refs] = draft
        return self._refs

    async def post(self, body: bytes) -> bytes:
        """The bytes that come back for these. :raises NotTaken: :raises OSError:"""
        return await asyncio.to_thread(post_now, self.url, self.holder["token"], body)

    # What goes out.

    def slot(self, conversation: str) -> int:
        return next((slot for slot, talk in self.memory.talks.items() if talk.id and str(talk.id) == conversation), UNHEARD_OF)

    async def write(self, conversation: str, body: str | None, **more: Any) -> Draft:
        """Keep a draft under the next number of this phone, and send it."""
        if self.memory.device is not None:
            more.setdefault("draft_id", str(self.memory.draft(self.memory.next_draft())))
        return await super().write(conversation, body, **more)

    async def say(self, frame: Frame) -> None:
        await self.say_raw(pack(self._array_for(self.hearing, frame)))

    def _array_for(self, hearing: Hearing, frame: Frame) -> list[Any]:
        """A command as lite writes it."""
        ref = frame.get("ref")
        slot = self.slot(frame["conversation"]) if "conversation" in frame else 0
        match frame["type"]:
            case "send" | "edit" | "retract" as kind:
                draft = UUID(frame["draft_id"])
                text = frame.get("body")
                hearing.asked[ref or 0] = Asked(slot, _KINDS[kind], text, frame.get("target"), draft)
                body = None if text is None else hearing.said(text)
                if kind == "send":
                    return [slot, ref, self._number(draft), body, _bytes(frame.get("media"))]
                return [-1 if kind == "edit" else -2, ref, slot, self._number(draft), frame["target"], *([body] if kind == "edit" else [])]
            case "meet":
                draft = UUID(frame["draft_id"])
                self._meets[ref or 0] = (frame["conversation"], frame["draft_id"])
                hearing.asked[ref or 0] = Asked(slot, "meeting", draft=draft)
                return meet(slot, ref, self._number(draft), frame)
            case "ack":
                return [-3, frame["n"]]
            case "read":
                self.memory.keep_read(slot, frame["seq"])
                return [-4, slot, frame["seq"], ref]
            case "history":
                hearing.asked[ref or 0] = Asked(slot)
                return [-5, ref, slot, frame.get("limit"), frame.get("before"), frame.get("after")]
            case "leave":
                return [-8, ref, slot]
        return [{"conversations": -6, "ping": -9}[frame["type"]], ref]

    def _number(self, draft: UUID) -> int | bytes:
        device = self.memory.device
        return device.int ^ draft.int if device and device.bytes[:12] == draft.bytes[:12] else draft.bytes

    # What comes in, in the words of the JSON wire.

    def _in_json(self, frame: LiteFrame) -> Frame | None:
        match frame:
            case Entry():
                return {"type": "entries", "conversation": self._id(frame.slot), "entries": [_entry(frame)]}
            case Sent(ref, seq, at, helped_with):
                draft = self._sent_drafts.get(ref)
                conversation, draft_id = (draft.conversation, draft.draft_id) if draft is not None else self._meets[ref]
                said: Frame = {"conversation": conversation, "draft_id": draft_id, "seq": seq, "at": at}
                return _without_none({"type": "sent", "reply_to": ref, **said, "help": helped_with})
            case Page(ref, more, entries):
                return {"type": "page", "reply_to": ref, "entries": [_entry(entry) for entry in entries], "more": more}
            case Done(ref) | Pong(ref):
                return {"type": type(frame).__name__.lower(), "reply_to": ref}
            case Error(code, ref, retry_after):
                return _without_none({"type": "error", "code": code, "reply_to": ref, "retry_after": retry_after})
            case Marks(slot, marks):
                told = [_without_none({"number": n, "delivered_seq": d, "read_seq": r}) for n, d, r in marks]
                return {"type": "marks", "conversation": self._id(slot), "marks": told}
            case Card():
                members = [{"number": m.number, "name": m.name, "role": m.role} for m in frame.members]
                card = {"id": self._id(frame.slot), "you": frame.you, "state": frame.state, "members": members, "left": frame.left}
                return {"type": "conversation", "card": card}
            case Bye(code, retry_after):
                return {"type": "bye", "code": code, "retry_after": retry_after}
            case BudgetUsed(step, used, budget):
                return {"type": "budget", "step": step, "used": used, "budget": budget}
        return None

    def _id(self, slot: int) -> str:
        return str(self.memory.talks[slot].id)


def post_now(url: str, token: str, body: bytes, content_type: str = CONTENT_TYPE) -> bytes:
    """:raises NotTaken: :raises OSError:"""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=60)
    try:
        connection.request("POST", "/lite", body, {"Content-Type": content_type, "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise NotTaken(answer.status, json.loads(said))
    return said


def _entry(entry: Entry) -> Frame:
    return _without_none(
        {
            "seq": entry.seq, "kind": entry.kind, "author": entry.author, "at": entry.at, "body": entry.body, "target": entry.target,
            "member": entry.member, "edited_seq": entry.edited_seq, "retracted_seq": entry.retracted_seq,
            "concealed": entry.concealed or None, "draft_id": str(entry.draft) if entry.draft else None, "media": entry.media,
            "meeting": entry.meeting,
        }
    )  # fmt: skip


def _without_none(frame: Frame) -> Frame:
    return {name: value for name, value in frame.items() if value is not None}


def _bytes(id_: str | None) -> bytes | None:
    return UUID(id_).bytes if id_ else None


def lite(house: Any, holder: dict[str, Any], *, at: int = 0, **how: Any) -> LitePhone:
    """A phone of somebody, on lite, at one of the processes of a house."""
    return LitePhone(house.servers[at % len(house.servers)].socket_url, holder, **how)
