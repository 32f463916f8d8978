"""What a phone wrote down: a list per conversation to which an entry is added only after the one before it, and its drafts.

Written from the protocol alone. What the server does wrong is not repaired here but kept in `holes` for the test to see.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

Frame = dict[str, Any]


@dataclass
class Draft:
    """Something said that the server has not answered yet."""

    conversation: str
    body: str | None
    kind: str = "send"
    target: int | None = None
    draft_id: str = field(default_factory=lambda: str(uuid4()))

    def frame(self, ref: int) -> Frame:
        said = {"type": self.kind, "ref": ref, "conversation": self.conversation, "draft_id": self.draft_id}
        return said | ({} if self.body is None else {"body": self.body}) | ({} if self.target is None else {"target": self.target})


class Notebook:
    """Cursors, lists, cards and marks by conversation; drafts without an answer, and every frame with its moment."""

    def __init__(self, from_start: Iterable[str] = ()) -> None:
        self.epoch: str | None = None
        self.cursors: dict[str, int] = dict.fromkeys(from_start, 0)
        self.lists: dict[str, list[Frame]] = defaultdict(list)
        self.cards: dict[str, Frame] = {}
        self.marks: dict[str, dict[int, list[Frame]]] = defaultdict(lambda: defaultdict(list))
        self.drafts: dict[str, Draft] = {}
        self.answers: dict[str, list[Frame]] = defaultdict(list)
        self.holes: list[Frame] = []
        self.repeats = 0
        self.resyncs = 0
        self.frames: list[tuple[float, Frame]] = []
        self.byes: list[Frame] = []

    def _resumed(self, frame: Frame) -> None:
        if frame.get("resync"):
            self.resyncs += 1
            self.lists.clear()
            self.cursors.clear()
            self.marks.clear()
        self.epoch = frame["epoch"]

    def apply(self, conversation: str, entry: Frame) -> None:
        """Take an entry only when it is the next one."""
        known = self.cursors.get(conversation)
        if known is None or (known == 0 and not self.lists[conversation]):
            known = entry["seq"] - 1
        if entry["seq"] <= known:
            self.repeats += 1
            return
        if entry["seq"] > known + 1:
            self.holes.append(entry | {"cursor": known})
            return
        self.lists[conversation].append(dict(entry))
        self.cursors[conversation] = entry["seq"]
        self._change(conversation, entry)

    def _change(self, conversation: str, entry: Frame) -> None:
        target = next((line for line in self.lists[conversation] if line["seq"] == entry.get("target")), None)
        if target is None:
            return
        if entry["kind"] == "edit" and entry["seq"] >= target.get("edited_seq", 0) and not target.get("retracted_seq"):
            target["edited_seq"] = entry["seq"]
            if "body" in entry:
                target["body"] = entry["body"]
        elif entry["kind"] == "retract":
            target["retracted_seq"] = entry["seq"]
            target.pop("body", None)

    def number_in(self, conversation: str) -> int | None:
        card = self.cards.get(conversation)
        return card["you"] if card else None

    def knows(self, body: str) -> bool:
        """Whether these words reached this phone in any frame of any socket."""
        return any(body in json.dumps(frame, ensure_ascii=False) for _, frame in self.frames)

    def bodies(self, conversation: str) -> list[str | None]:
        return [line.get("body") for line in self.lists[conversation] if line["kind"] == "message"]

    def seqs(self, conversation: str) -> list[int]:
        return [line["seq"] for line in self.lists[conversation]]

    def events(self, kind: str) -> list[Frame]:
        return [frame for _, frame in self.frames if frame["type"] == kind]
