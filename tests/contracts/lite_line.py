"""A client of `maatje.v1.lite` that knows docs/lite.md and nothing else. It is asked, and answers, in the frames of the JSON wire."""

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from msgspec.msgpack import Ext
from websockets.sync.client import ClientConnection, connect

from tests.contracts import lite_page
from tests.contracts.wire import Answer, ask

KINDS = ("message", "edit", "retract", "hide", "restore", "join", "leave", "close", "meeting")
STATES = ("open", "paused", "closed")
MEDIA_KINDS = ("photo", "voice")
ACTS = ("propose", "accept", "decline", "counter", "move", "cancel", "end")
MEETING_STATES = ("proposed", "agreed", "declined", "cancelled")
REASONS = ("unsafe", "harassment", "hate", "sexual", "money", "worry")
URGENCIES = ("today", "two_days", "next_contact")
PURPOSES = ("leisure", "family", "neighbourhood", "culture", "sport", "learning", "health", "administration", "work")
_ITS_NAME = {"conversation": "slot", "draft_id": "draft", "flag_id": "draft", "escalation_id": "draft"}
Frame = dict[str, Any]


@cache
def recipe() -> dict[str, Any]:
    """The functions that the page gives for bodies, as they stand there."""
    (code,) = re.findall(r"^```python\n(.*?)\n```$", lite_page.section("Bodies").text, re.MULTILINE | re.DOTALL)
    functions: dict[str, Any] = {"zlib": zlib}
    exec(compile(code, "docs/lite.md", "exec"), functions)  # our own page
    return functions


class Wire:
    """What a device remembers. Cards and cursors stay from one connection to the next; the rest begins anew with each `welcome`."""

    def __init__(self, books: Mapping[str, bytes] | None = None) -> None:
        self.names = list(books or {})
        self.books = [recipe()["open_dictionary"](file) for file in (books or {}).values()]
        self.life: int | None = None
        self.device: UUID | None = None
        self.at = 0
        self.ids: dict[int, str] = {}
        self.cards: dict[int, Frame] = {}
        self.cursors: dict[int, int] = {}
        self.messages = 0
        self._asked: dict[int, Frame] = {}

    # Out.

    def cursor(self) -> bytes | None:
        if self.life is None:
            return None
        stored = [(slot, seq, self.cards[slot]["stamp"], self._sum(slot)) for slot, seq in self.cursors.items()]
        return lite_page.packed([self.life, *(number for place in stored for number in place)])

    def _sum(self, slot: int) -> int:
        card = self.cards[slot]
        read = sum(member.get("read_seq", 0) for member in card["members"])
        delivered = sum(member.get("delivered_seq", 0) for member in card["members"] if member["number"] != card["you"])
        return int(read + delivered) % 65_536

    def command(self, kind: str, **fields: Any) -> list[Any]:
        """The array of a command that is said as in JSON; a conversation may be a slot, and a draft a number."""
        if "ref" in fields:
            self._asked[fields["ref"]] = {"type": kind, **fields}
        said = {_ITS_NAME.get(name, name): value for name, value in fields.items()}
        if isinstance(said.get("slot"), str):
            said["slot"] = next(slot for slot, id_ in self.ids.items() if id_ == said["slot"])
        if kind == "read" and said["slot"] in self.cards:
            self._raise(said["slot"], self.cards[said["slot"]]["you"], "read_seq", min(said["seq"], self.cursors[said["slot"]]))
        if isinstance(said.get("draft"), UUID):
            said["draft"] = said["draft"].bytes
        if isinstance(said.get("body"), str):
            said["body"] = self.body(said["body"])
        return lite_page.layouts("Up")[kind].write(**said)

    def body(self, text: str) -> str | bytes | Ext:
        ways: list[str | bytes | Ext] = [text]
        for number, book in enumerate(self.books):
            squeezed = recipe()["squeeze"](text, *book)
            ways.append(Ext(number, squeezed) if number else squeezed)
        return min(ways, key=lambda way: len(lite_page.packed(way)))

    def _know_that_authors_have_their_own(self, slot: int, entry: Frame) -> None:
        for member in self.cards[slot]["members"]:
            if member["number"] == entry["author"] and member["delivered_seq"] == entry["seq"] - 1:
                member["delivered_seq"] = entry["seq"]

    def _raise(self, slot: int, number: int, mark: str, seq: int) -> None:
        """Marks that nobody tells, because the device can tell itself."""
        for member in self.cards[slot]["members"]:
            if member["number"] == number:
                member[mark] = max(member.get(mark, 0), seq)

    # In.

    def read(self, data: bytes) -> list[Frame]:
        """The frames of a message, as JSON says them; each entry is an event of its own."""
        self.messages += 1
        return [self._frame(array) for array in lite_page.unpacked(data)]

    def _frame(self, array: list[Any]) -> Frame:
        layout = lite_page.layout_of(array, "Down")
        fields = layout.read(array)
        make: Callable[[Frame], Frame] | None = getattr(self, f"_{layout.name}", None)
        if make is not None:
            return make(fields)
        said = {"reply_to" if name == "ref" else name: value for name, value in fields.items() if value is not None}
        if "slot" in said:
            said["conversation"] = self.ids[said.pop("slot")]
        if "gap" in said:
            self.at += said.pop("gap")
            said["at"] = self.at
        return {"type": layout.name, **said}

    def _welcome(self, fields: Frame) -> Frame:
        self.at = fields["now"]
        self.messages = 1
        if fields["life"] is not None:
            self.life, self.device = fields["life"], UUID(bytes=fields["device"])
            self.ids, self.cards, self.cursors = {}, {}, {}
        return {"type": "welcome", "is_afresh": fields["life"] is not None, "heartbeat": fields["heartbeat"], "window": fields["window"]}

    def _card(self, fields: Frame) -> Frame:
        slot = fields.pop("slot")
        id_ = fields.pop("id")
        self.ids[slot] = str(UUID(bytes=id_)) if id_ is not None else self.ids[slot]
        members = [_member(member) for member in fields["members"]]
        card = {**fields, "id": self.ids[slot], "state": STATES[fields["state"]], "members": members}
        self.cards[slot] = card
        self.cursors.setdefault(slot, card["first_seq"] - 1)
        return {"type": "conversation", "card": {name: value for name, value in card.items() if value is not None and name != "stamp"}}

    def _entry(self, fields: Frame) -> Frame:
        slot = fields["slot"]
        entry = self._line(fields, expected=self.cursors[slot] + 1)
        self.cursors[slot] = max(self.cursors[slot], entry["seq"])
        self._know_that_authors_have_their_own(slot, entry)
        return {"type": "entries", "conversation": self.ids[slot], "entries": [entry]}

    def _page(self, fields: Frame) -> Frame:
        lines: list[Frame] = []
        for array in fields["tail"]:
            found = lite_page.layouts("Down")["entry"].read(array)
            lines.append(self._line(found, expected=lines[-1]["seq"] + 1 if lines else 0))
        return {"type": "page", "reply_to": fields["ref"], "more": fields["more"], "entries": lines}

    def _line(self, fields: Frame, *, expected: int) -> Frame:
        line = {name: value for name, value in fields.items() if value is not None and name not in {"slot", "gap", "draft"}}
        self.at += fields["gap"]
        you = self.cards[fields["slot"]]["you"]
        line |= {"at": self.at, "kind": KINDS[fields["kind"]]}
        line.setdefault("seq", expected)
        line.setdefault("author", 2 if you == 1 else 1)
        if not line["concealed"]:
            del line["concealed"]
        if "body" in line:
            line["body"] = self._words(line["body"])
        if fields["draft"] is not None:
            line["draft_id"] = self.draft(fields["draft"])
        if "meeting" in line:
            line["meeting"] = _meeting(line["meeting"])
        if "media" in line:
            media = lite_page.layouts("Inside")["media"].read(line["media"])
            line["media"] = {**media, "kind": MEDIA_KINDS[media["kind"]]}
        return line

    def _words(self, body: str | bytes | Ext) -> str:
        if isinstance(body, str):
            return body
        number, data = (body.code, bytes(body.data)) if isinstance(body, Ext) else (0, body)
        return str(recipe()["expand"](data, *self.books[number]))

    def draft(self, draft: int | bytes) -> UUID:
        assert self.device is not None  # told with the first welcome
        return UUID(bytes=draft) if isinstance(draft, bytes) else UUID(int=self.device.int ^ draft)

    def _sent(self, fields: Frame) -> Frame:
        asked = self._asked[fields["ref"]]
        slot = next(slot for slot, id_ in self.ids.items() if asked["conversation"] in {slot, id_})
        self.at += fields["gap"]
        if fields["seq"] == self.cursors[slot] + 1 and asked["type"] != "meet":
            self.cursors[slot] = fields["seq"]
        return {"type": "sent", "reply_to": fields["ref"], "seq": fields["seq"], "at": self.at}

    def _marks(self, fields: Frame) -> Frame:
        numbers = [*fields["tail"], *[None] * (-len(fields["tail"]) % 3)]
        members = {member["number"]: member for member in self.cards[fields["slot"]]["members"]}
        for number, delivered, read in zip(*[iter(numbers)] * 3, strict=True):
            members[number]["delivered_seq"] = max(delivered, members[number]["delivered_seq"])
            if read is not None:
                members[number]["read_seq"] = max(read, members[number].get("read_seq", 0))
        return {"type": "marks", "conversation": self.ids[fields["slot"]], "marks": numbers}


def _meeting(array: list[Any]) -> Frame:
    fields = lite_page.layouts("Inside")["meeting"].read(array)
    said = {name: value for name, value in fields.items() if value not in (None, [], "", False)}
    said |= {"act": ACTS[fields["act"]], "state": MEETING_STATES[fields["state"]], "times": [_time(*time) for time in fields["times"]]}
    if "purpose" in said:
        said["purpose"] = PURPOSES[said["purpose"] - 1]
    if "date" in said:
        said["date"] = _day(said["date"])
    if "changes" in said:
        said["changes"] = [_change(change) for change in said["changes"]]
    return said


def _change(array: list[Any]) -> Frame:
    fields = lite_page.layouts("Inside")["date_change"].read(array)
    said = {name: value for name, value in fields.items() if value not in (None, [], False)}
    said["date"] = _day(said["date"])
    if "time" in said:
        said["time"] = _time(*said["time"])
    return said


def _time(start: int, minutes: int, offset: int) -> Frame:
    at = datetime.fromtimestamp((start - offset) * 60, tz=UTC)
    return {"start": f"{datetime.fromtimestamp(start * 60, tz=UTC):%Y-%m-%dT%H:%M}", "minutes": minutes, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}


def _day(days: int) -> str:
    return f"{datetime.fromtimestamp(days * 86_400, tz=UTC):%Y-%m-%d}"


def _member(array: list[Any]) -> Frame:
    fields = lite_page.layouts("Inside")["member"].read(array)
    names = {"delivered": "delivered_seq", "read": "read_seq"}
    return {names.get(name, name): value for name, value in fields.items() if value is not None}


class LiteLine:
    """An open socket: what is asked is answered before the next."""

    def __init__(self, connection: ClientConnection, wire: Wire) -> None:
        self.connection = connection
        self.wire = wire
        self.heard: list[Frame] = []
        self._waiting: list[Frame] = []
        self._refs = 0

    def ask(self, kind: str, **fields: Any) -> Frame:
        self._refs += 1
        return self.say(lite_page.packed(self.wire.command(kind, ref=self._refs, **fields)), ref=self._refs)

    def say(self, data: bytes | str, *, ref: int | None) -> Frame:
        """Send a message as it is and give the reply with that ref; also an error or a bye that has none."""
        self.connection.send(data)
        while True:
            frame = self.hear()
            if frame["type"] in {"bye", "error", "sent", "page", "done", "pong", "flagged", "escalated", "waiting"} and frame.get(
                "reply_to"
            ) in {ref, None}:
                return frame

    def hear(self) -> Frame:
        while not self._waiting:
            said = self.connection.recv(timeout=10)
            assert isinstance(said, bytes)
            self._waiting = self.wire.read(said)
        frame = self._waiting.pop(0)
        self.heard.append(frame)
        return frame

    def settle(self) -> None:
        """Ack all that came."""
        self.ask("ping")
        self.connection.send(lite_page.packed(self.wire.command("ack", n=self.wire.messages)))


@contextmanager
def lite_line(port: int, headers: Mapping[str, str], *, wire: Wire | None = None) -> Iterator[LiteLine]:
    """A socket with these headers, after its welcome unless it is not let in."""
    wire = wire or Wire()
    with connect(
        f"ws://127.0.0.1:{port}/api/v1/socket",
        subprotocols=items(wire),  # type: ignore[arg-type]  # a NewType of str
        additional_headers=dict(headers),
        compression=None,
        ping_interval=None,
        open_timeout=10,
        close_timeout=2,
        proxy=None,
    ) as connection:
        assert connection.subprotocol == "maatje.v1.lite"
        opened = LiteLine(connection, wire)
        if opened.hear()["type"] == "welcome":
            opened.ask("ping")
        yield opened


def items(wire: Wire) -> Sequence[str]:
    """What a device says while it knocks."""
    cursor = wire.cursor()
    said = [] if cursor is None else ["c." + base64.urlsafe_b64encode(cursor).rstrip(b"=").decode()]
    return ["maatje.v1.lite", *said, *(f"d.{name}" for name in wire.names)]


class LitePost:
    """The same without a socket: each question is an exchange."""

    def __init__(self, port: int, headers: Mapping[str, str], *, wire: Wire | None = None) -> None:
        self.port = port
        self.headers = {"Content-Type": "application/x-maatje-lite", **headers}
        self.wire = wire or Wire()
        self.heard: list[Frame] = []
        self._refs = 0

    def ask(self, kind: str, **fields: Any) -> Frame:
        """One exchange, but for a new device: that one asks for its life first."""
        if self.wire.life is None:
            self.exchange()
        self._refs += 1
        frames = self.exchange(self.wire.command(kind, ref=self._refs, **fields))
        return next(frame for frame in frames if frame.get("reply_to") == self._refs)

    def exchange(self, *commands: list[Any], **resume: Any) -> list[Frame]:
        """All that is heard in one."""
        answer = self.post(*commands, **resume)
        assert answer.status == 200, answer
        frames = self.wire.read(answer.body)
        self.heard += frames
        return frames

    def post(self, *commands: list[Any], **resume: Any) -> Answer:
        first = self.wire.command("resume", cursor=self.wire.cursor(), dictionaries=self.wire.names or None, **resume)
        return ask(self.port, "POST", "/lite", lite_page.packed([first, *commands]), self.headers)

    def settle(self) -> None:
        """Come once more: the cursor is the ack."""
        self.exchange()
