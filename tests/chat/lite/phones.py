"""The phone that trusts nothing, on the lite wire: arrays become the frames it knows, and its words become arrays."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from accounts.models import Device
from chat.cursors import Cursor, Place
from chat.lite import Lite, Offer, layouts
from chat.session import LiteSession
from core import clock
from core.ids import new_id
from tests.chat.in_process import Frame, InProcess
from tests.chat.phones import Phone

pack, unpack = msgspec.msgpack.encode, msgspec.msgpack.decode
NOBODYS_SLOT = 999
MEETING = 29_993_160  # minutes on the clock: a day in January 2027


class LitePhone(Phone):
    """A `Phone` that comes with a cursor instead of a `resume`. It keeps slots and stamps as the page does."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.slots: dict[UUID, tuple[int, int]] = {}  # by conversation: slot and stamp

    def can_name(self, conversation: UUID) -> bool:
        """A slot comes with a card."""
        return conversation in self.slots

    def connect(self, process: InProcess, *, cards: bool = True, forgets: UUID | None = None) -> None:
        self.disconnect()
        if forgets is not None:
            self._forget(forgets)
        self.stored, self.is_deaf = 0, False
        self.replies.clear()
        self.socket = Translated(process, self)  # type: ignore[assignment]  # says the same things

    def cursor(self) -> Cursor | None:
        if self.epoch is None:
            return None
        places = {self.slots[id_][0]: Place(seq, self.slots[id_][1], self._sum(id_)) for id_, seq in self.cursors.items()}
        return Cursor(int(self.epoch), places)

    def _sum(self, conversation: UUID) -> int:
        you = self.cards[conversation]["you"]
        marks = [(number, *mark) for (of, number), mark in self.marks.items() if of == conversation]
        return sum(read + (delivered if number != you else 0) for number, delivered, read in marks) % 65_536


class Translated:
    """One lite socket, as the socket of a phone that knows JSON."""

    def __init__(self, process: InProcess, phone: LitePhone) -> None:
        self.phone = phone
        self.frames: list[Frame] = []
        self.heard: Callable[[Frame], None] = phone.take
        self.closed: int | None = None
        self._ends: list[int] = []  # after how many frames each message ended
        self._asked: dict[int, dict[str, Any]] = {}
        self._refs = 0
        self._had_cursor = bool(phone.cursors)
        self._conversations = {slot: id_ for id_, (slot, _) in phone.slots.items()}
        self._cursors = dict(phone.cursors)
        self._you = {id_: card["you"] for id_, card in phone.cards.items()}
        codec = Lite(device_id=phone.device.id, offer=Offer(phone.cursor(), ("nl1",)), now=clock.now())
        self._bodies = Lite(device_id=phone.device.id, offer=Offer(None, ("nl1",)), now=clock.now())._bodies
        self.session = LiteSession(phone.device, codec=codec, backstage=process.backstage, push=self._push, close=self._close)
        self.session.start()
        process.hub.add(self.session)
        process.sockets.append(self)  # type: ignore[arg-type]  # it has the session, which is what the process looks at

    def _close(self, code: int) -> None:
        self.closed = int(code)

    def ack(self, stored: int) -> None:
        self._send([-3, sum(end <= stored for end in self._ends)])

    def say(self, kind: str, **fields: Any) -> int:
        self._refs += 1
        ref = self._refs
        self._asked[ref] = fields
        slot = self.phone.slots.get(fields.get("conversation", UUID(int=0)), (NOBODYS_SLOT, 0))[0]
        draft = fields.get("draft_id", new_id()).bytes
        ways: dict[str, Callable[[], list[Any]]] = {
            "send": lambda: [slot, ref, draft, self._bodies.seal_off(fields["body"])],
            "edit": lambda: [-1, ref, slot, draft, fields["target"], self._bodies.seal_off(fields["body"])],
            "retract": lambda: [-2, ref, slot, draft, fields["target"]],
            "meet": lambda: [-11, ref, slot, 0, draft, None, None, [[MEETING]]],
            "read": lambda: [-4, slot, fields["seq"], ref],
            "history": lambda: [-5, ref, slot, fields["limit"], fields["before"]],
            "leave": lambda: [-8, ref, slot],
        }
        self._send(ways[kind]())
        return ref

    def _send(self, array: list[Any]) -> None:
        if self.closed is None:
            self.session.receive(pack(array))

    def _push(self, data: bytes) -> None:
        value = unpack(data)
        for array in value if isinstance(value[0], list) else [value]:
            for frame in self._frames(array):
                self.frames.append(frame)
                self.heard(frame)
        self._ends.append(len(self.frames))

    def _frames(self, array: list[Any]) -> Iterator[Frame]:
        if array[0] >= 0:
            conversation = self._conversations[array[0]]
            entry = self._entry(array, following=self._cursors[conversation] + 1)
            self._cursors[conversation] = max(self._cursors[conversation], entry["seq"])
            yield {"type": "entries", "conversation": str(conversation), "entries": [entry]}
            return
        match array:
            case [-1, _, None, *_] | [-1, _]:
                yield {"type": "resumed", "epoch": self.phone.epoch}
            case [-1, _, life, *_]:
                self._cursors.clear()
                yield {"type": "resumed", "epoch": str(life), "resync": self._had_cursor}
            case [-2, ref, seq, _]:
                yield self._sent(ref, seq)
            case [-3, ref, more, *arrays]:
                yield self._page(ref, arrays, more=more)
            case [-4, ref]:
                yield {"type": "done", "reply_to": ref}
            case [-6, code, ref, *_]:
                yield {"type": "error", "code": code, "reply_to": ref}
            case [-6, code]:
                yield {"type": "error", "code": code}
            case [-8, slot, *numbers]:
                marks = [_mark(*numbers[start : start + 3]) for start in range(0, len(numbers), 3)]
                yield {"type": "marks", "conversation": str(self._conversations[slot]), "marks": marks}
            case [-9, *_]:
                yield self._card(array)

    def _entry(self, array: list[Any], *, following: int | None) -> Frame:
        values = dict(zip(("slot", *layouts.ENTRY), array, strict=False))
        conversation = self._conversations[values.pop("slot")]
        you = self._you[conversation]
        entry = {name: value for name, value in values.items() if value is not None and name != "concealed"}
        entry["seq"] = entry.get("seq", following)
        entry["kind"] = layouts.KINDS[entry.get("kind", 0)]
        entry["author"] = entry.get("author", 2 if you == 1 else 1)
        if "body" in entry:
            entry["body"] = self._bodies.open(entry["body"])
        if "draft_id" in entry:
            entry["draft_id"] = str(UUID(bytes=entry["draft_id"]))
        return entry

    def _sent(self, ref: int, seq: int) -> Frame:
        asked = self._asked[ref]
        conversation = asked["conversation"]
        if seq == self._cursors.get(conversation, -1) + 1 and "act" not in asked:
            self._cursors[conversation] = seq
        return {
            "type": "sent",
            "reply_to": ref,
            "conversation": str(conversation),
            "draft_id": str(asked["draft_id"]),
            "seq": seq,
            "at": "",
        }

    def _page(self, ref: int, arrays: list[list[Any]], *, more: bool) -> Frame:
        entries: list[Frame] = []
        for array in arrays:
            entries.append(self._entry(array, following=entries[-1]["seq"] + 1 if entries else None))
        return {"type": "page", "reply_to": ref, "conversation": str(self._asked[ref]["conversation"]), "entries": entries, "more": more}

    def _card(self, array: list[Any]) -> Frame:
        _, slot, id_, kind, _, you, first, last, stamp, members, *_ = array
        if id_ is not None:
            self._conversations[slot] = UUID(bytes=id_)
        conversation = self._conversations[slot]
        self._cursors.setdefault(conversation, first - 1)
        self._you[conversation] = you
        if not self.phone.is_deaf:
            self.phone.slots[conversation] = (slot, stamp)
        shown = [_mark(member[0], *[(member[at] if at < len(member) else None) for at in (3, 4)]) for member in members]
        card = {"id": str(conversation), "kind": kind, "you": you, "first_seq": first, "last_seq": last, "members": shown}
        return {"type": "conversation", "card": card}


def _mark(number: int, delivered: int | None = None, read: int | None = None) -> Frame:
    return {"number": number, "delivered_seq": delivered or 0, **({} if read is None else {"read_seq": read})}
