"""A phone that keeps to the protocol and trusts nothing: it stores what it is given, and notes whatever may not be."""

import itertools
from collections import defaultdict
from typing import Any
from uuid import UUID

from accounts.models import Device
from core.ids import new_id
from tests.chat.in_process import Frame, InProcess, Socket

Line = dict[str, Any]


class Phone:
    """One device with its store. `problems` is what the server did wrong."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.person_id: UUID = device.person_id
        self.epoch: str | None = None
        self.lines: dict[UUID, dict[int, Line]] = defaultdict(dict)
        self.cursors: dict[UUID, int] = {}
        self.oldest_reached: set[UUID] = set()
        self.cards: dict[UUID, Frame] = {}
        self.marks: dict[tuple[UUID, int], tuple[int, int]] = {}
        self.replies: dict[int, Frame] = {}
        self.said: dict[int, dict[str, Any]] = {}
        self.problems: list[str] = []
        self.socket: Socket | None = None
        self.is_deaf = False
        self.signed_out = False
        self.stored = 0

    # The socket.

    @property
    def is_connected(self) -> bool:
        return self.socket is not None and self.socket.closed is None

    def can_name(self, conversation: UUID) -> bool:
        """Whether this phone has a name for it. A UUID can be known from anywhere."""
        return True

    def connect(self, process: InProcess, *, cards: bool = True, forgets: UUID | None = None) -> None:
        """Open a socket and say how far this phone got; one conversation it may have forgotten."""
        self.disconnect()
        if forgets is not None:
            self._forget(forgets)
        self.socket = process.connect(self.device)
        self.stored, self.is_deaf = len(self.socket.frames), False
        self.replies.clear()
        self.socket.heard = self.take
        epoch = {"epoch": self.epoch} if self.epoch else {}
        self.socket.say("resume", cursors={str(id_): seq for id_, seq in self.cursors.items()}, cards=cards, **epoch)

    def disconnect(self) -> None:
        if self.socket is not None:
            self.socket.session.end()
            self.socket.heard = lambda frame: None
            self.socket.closed = self.socket.closed or 1006
            self.socket = None

    def say(self, kind: str, **fields: Any) -> int:
        assert self.socket is not None
        ref = self.socket.say(kind, **fields)
        self.said[ref] = {"kind": kind, **fields}
        return ref

    def draft(self, kind: str, conversation: UUID, *, draft_id: UUID | None = None, **fields: Any) -> int:
        return self.say(kind, conversation=conversation, draft_id=draft_id or new_id(), **fields)

    def ack(self) -> None:
        if self.is_connected and self.socket is not None:
            self.socket.ack(self.stored)

    # The store.

    def take(self, frame: Frame) -> None:
        if self.is_deaf:
            return
        self.stored += 1
        if "reply_to" in frame:
            self.replies[frame["reply_to"]] = frame
        handler = getattr(self, f"_take_{frame['type']}", None)
        if handler is not None:
            handler(frame)

    def _take_resumed(self, frame: Frame) -> None:
        if frame.get("resync"):
            for conversation in list(self.lines):
                self._forget(conversation)
            self.cursors.clear()
            self.marks.clear()
        elif self.epoch is not None and frame["epoch"] != self.epoch and self.cursors:
            self.problems.append("another epoch without resync")
        self.epoch = frame["epoch"]

    def _forget(self, conversation: UUID) -> None:
        self.lines.pop(conversation, None)
        self.cursors.pop(conversation, None)
        self.oldest_reached.discard(conversation)

    def _take_conversation(self, frame: Frame) -> None:
        card = frame["card"]
        conversation = UUID(card["id"])
        self.cards[conversation] = card
        for member in card["members"]:
            self._take_mark(conversation, member, is_card=True)

    def _take_marks(self, frame: Frame) -> None:
        for mark in frame["marks"]:
            self._take_mark(UUID(frame["conversation"]), mark, is_card=False)

    def _take_mark(self, conversation: UUID, mark: Frame, *, is_card: bool) -> None:
        before = self.marks.get((conversation, mark["number"]), (0, 0))
        now = (mark.get("delivered_seq", 0), mark.get("read_seq", 0))
        if not is_card and now[0] < before[0]:
            self.problems.append(f"a delivered mark fell from {before} to {now}")
        if now[1] > now[0]:
            self.problems.append(f"read {now[1]} before delivered {now[0]}")
        self.marks[conversation, mark["number"]] = (max(before[0], now[0]), max(before[1], now[1]))

    def _take_entries(self, frame: Frame) -> None:
        conversation = UUID(frame["conversation"])
        seqs = [entry["seq"] for entry in frame["entries"]]
        if not seqs or any(following != seq + 1 for seq, following in itertools.pairwise(seqs)):
            self.problems.append(f"entries {seqs} are not a run")
        for entry in frame["entries"]:
            self._append(conversation, entry)

    def _append(self, conversation: UUID, entry: Frame) -> None:
        cursor = self.cursors.get(conversation)
        seq = entry["seq"]
        if cursor is not None and seq <= cursor:
            return
        first = self.cards[conversation]["first_seq"] if conversation in self.cards else None
        is_next = cursor is None or seq == cursor + 1
        if not is_next and not (entry["kind"] == "join" or seq == first):  # a new stay begins with its join
            self.problems.append(f"a hole between {cursor} and {seq}")
        if not is_next:
            self._forget(conversation)  # what an earlier stay could see is not this one's to page through
        self.cursors[conversation] = seq
        self._store(conversation, dict(entry))

    def _take_page(self, frame: Frame) -> None:
        conversation = UUID(frame["conversation"])
        known = self.lines[conversation]
        for entry in reversed(frame["entries"]):
            if known and entry["seq"] < min(known) - 1:
                self.problems.append(f"a page with a hole before {min(known)}")
            if entry["seq"] not in known:
                known[entry["seq"]] = {name: value for name, value in entry.items() if entry["kind"] != "restore" or name != "body"}
        if not frame["more"]:
            self.oldest_reached.add(conversation)

    def _take_sent(self, frame: Frame) -> None:
        """A reply brings the cursor forward when it is the very next line; else the entry comes by itself."""
        conversation, seq = UUID(frame["conversation"]), frame["seq"]
        if conversation not in self.cards or (self.cursors.get(conversation) or 0) != seq - 1:
            return
        said = self.said[frame["reply_to"]]
        if said["kind"] == "meet":
            return  # what became of it, only its entry says
        if self.cursors.get(conversation) is None and seq != 1:
            return
        self.cursors[conversation] = seq
        own = {
            "seq": seq, "kind": {"send": "message"}.get(said["kind"], said["kind"]), "author": self.cards[conversation]["you"],
            "at": frame["at"], "draft_id": frame["draft_id"],
        }  # fmt: skip
        self._store(conversation, own | {key: said[key] for key in ("body", "target") if key in said})

    def _store(self, conversation: UUID, line: Line) -> None:
        lines = self.lines[conversation]
        lines[line["seq"]] = line
        target = lines.get(line.get("target", 0))
        if line["kind"] == "edit":
            self._edited(lines, line, target)
        elif line["kind"] == "retract":
            self._retracted(lines, line, target)
        elif line["kind"] == "hide":
            self._hidden(lines, line, target)
        elif line["kind"] == "restore":
            self._restored(line, target)

    def _edited(self, lines: dict[int, Line], line: Line, target: Line | None) -> None:
        for other in lines.values():
            if other["kind"] == "edit" and other["target"] == line["target"] and other["seq"] < line["seq"]:
                other.pop("body", None)
        if target is None or "retracted_seq" in target or target.get("edited_seq", 0) >= line["seq"]:
            return
        target["edited_seq"] = line["seq"]
        if "hidden_seq" in target:
            return  # the page had it from after this edit
        if "body" in line:
            target["body"] = line["body"]

    def _retracted(self, lines: dict[int, Line], line: Line, target: Line | None) -> None:
        for other in lines.values():
            if other["seq"] == line["target"] or (other["kind"] == "edit" and other["target"] == line["target"]):
                other.pop("body", None)
        if target is not None:
            target["retracted_seq"] = line["seq"]

    def _hidden(self, lines: dict[int, Line], line: Line, target: Line | None) -> None:
        for other in lines.values():
            if other["seq"] == line["target"] or (other["kind"] == "edit" and other["target"] == line["target"]):
                other.pop("body", None)
        if target is not None:
            target["hidden_seq"] = max(line["seq"], target.get("hidden_seq", 0))

    def _restored(self, line: Line, target: Line | None) -> None:
        """The words belong to the line that was hidden; one that was hidden again since stays so."""
        words = line.pop("body", None)
        if target is None or target.get("hidden_seq", 0) > line["seq"]:
            return
        target.pop("hidden_seq", None)
        if words is not None and "retracted_seq" not in target:
            target["body"] = words
