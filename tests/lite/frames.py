"""What the server says, frame by frame; and the bytes that frames are."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

KINDS = ("message", "edit", "retract", "hide", "restore", "join", "leave", "close", "meeting")
STATES = ("open", "paused", "closed")


class Unreadable(Exception):
    """The server sent what its own page does not allow."""


@dataclass(frozen=True, slots=True)
class Entry:
    slot: int
    seq: int
    at: int  # Unix seconds
    body: str | None
    author: int
    kind: str
    target: int | None = None
    member: int | None = None
    edited_seq: int | None = None
    retracted_seq: int | None = None
    concealed: bool = False
    draft: UUID | None = None
    media: tuple[Any, ...] | None = None
    meeting: dict[str, Any] | None = None  # in the words of JSON


@dataclass(frozen=True, slots=True)
class Welcome:
    now: int
    heartbeat: int
    dictionaries: list[str] | None
    window: int
    is_afresh: bool


@dataclass(frozen=True, slots=True)
class Sent:
    ref: int
    seq: int
    at: int
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    ref: int
    more: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Done:
    ref: int


@dataclass(frozen=True, slots=True)
class Pong:
    ref: int


@dataclass(frozen=True, slots=True)
class Error:
    code: str
    ref: int | None
    retry_after: int | None


@dataclass(frozen=True, slots=True)
class Head:
    slot: int
    seq: int


@dataclass(frozen=True, slots=True)
class Marks:
    slot: int
    marks: list[tuple[int, int, int | None]]  # number, delivered, read


@dataclass(slots=True)
class Member:
    number: int
    name: str
    role: str
    delivered: int = 0
    read: int | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    slot: int
    id: UUID | None
    kind: str
    state: str
    you: int
    first_seq: int
    last_seq: int
    stamp: int
    members: list[Member]
    read_seq: int
    closes_at: int | None
    muted_until: int | None
    left: bool


@dataclass(frozen=True, slots=True)
class Bye:
    code: int
    retry_after: int | None


@dataclass(frozen=True, slots=True)
class Budget:
    step: int
    used: int
    budget: int


@dataclass(frozen=True, slots=True)
class Upgrade:
    version: str


@dataclass(frozen=True, slots=True)
class Flagged:
    ref: int
    at: int
    answer_by: int
    on_duty: bool = False


@dataclass(frozen=True, slots=True)
class Escalated:
    ref: int
    at: int
    answer_by: int
    name: str
    on_duty: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    ref: int
    until: int
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Statements:
    unread: int


Safety = Flagged | Escalated | Waiting | Statements
Frame = Welcome | Entry | Sent | Page | Done | Pong | Error | Head | Marks | Card | Bye | Budget | Upgrade | Safety


def pack(*frames: list[Any]) -> bytes:
    """One frame as it is, several as an array; what has its default at the end of a frame stays away."""
    short = [_short(frame) for frame in frames]
    return msgspec.msgpack.encode(short[0] if len(short) == 1 else short)


def unpack(data: bytes) -> list[list[Any]]:
    """The frames of one websocket message or POST. :raises Unreadable:"""
    try:
        value = msgspec.msgpack.decode(data)
    except msgspec.DecodeError as problem:
        raise Unreadable(str(problem)) from None
    if not isinstance(value, list) or not value:
        raise Unreadable("neither a frame nor frames")
    frames = value if isinstance(value[0], list) else [value]
    for frame in frames:
        if not isinstance(frame, list) or not frame or type(frame[0]) is not int:
            raise Unreadable("a frame begins with a whole number")
        _ensure_plain(frame)
    return frames


def _short(frame: list[Any]) -> list[Any]:
    end = len(frame)
    while frame[end - 1] is None:
        end -= 1
    return frame[:end]


def _ensure_plain(value: Any) -> None:
    if isinstance(value, list):
        if value and value[-1] is None:
            raise Unreadable("a default at the end of an array costs a byte for nothing")
        for one in value:
            _ensure_plain(one)
    elif not isinstance(value, int | str | bytes | bool | msgspec.msgpack.Ext | None):
        raise Unreadable(f"no {type(value).__name__} travels here")
