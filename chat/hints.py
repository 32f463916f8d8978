"""Hints: where to look, in identifiers only. They wake the sockets of this process and, by the relay, of the others."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from chat import frames
from chat.actions.marks import Risen
from chat.drafts import Recipient
from chat.facts import Line
from chat.reading import Range


class Spent(NamedTuple):
    """Somebody's bytes of this month reached `step` per cent of their budget."""

    person_id: UUID
    step: int
    used: int
    budget: int


@dataclass(slots=True)
class Hints:
    """`ranges` of logs that grew, `marks` that rose, people to `refresh` (something changed) or to `recheck` (access), budgets `spent`."""

    ranges: list[Range] = field(default_factory=list)
    marks: list[Risen] = field(default_factory=list)
    refresh: list[UUID] = field(default_factory=list)
    recheck: list[UUID] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)


_listeners: list[Callable[[Hints], None]] = []
_thread = threading.local()


def announce(hints: Hints) -> None:
    """Tell the process's engine, from any thread. Without one (a command, a test) the sweep of the others finds it."""
    for listener in _listeners:
        listener(hints)


def listen(listener: Callable[[Hints], None]) -> None:
    _listeners.append(listener)


def stop_listening(listener: Callable[[Hints], None]) -> None:
    _listeners.remove(listener)


@contextmanager
def delivered_by_caller() -> Iterator[None]:
    """Within this, entries reach this process's sockets by hand of the caller, bodies inline; only others need the hint."""
    _thread.is_delivering = True
    try:
        yield
    finally:
        _thread.is_delivering = False


def caller_delivers() -> bool:
    return getattr(_thread, "is_delivering", False)


def of_lines(lines: Sequence[Line]) -> Hints:
    """One range a conversation, however many lines."""
    ranges: dict[UUID, Range] = {}
    for line in lines:
        known = ranges.get(line.conversation_id)
        first = min(known.first, line.seq) if known else line.seq
        last = max(known.last, line.seq) if known else line.seq
        ranges[line.conversation_id] = Range(line.conversation_id, first, last)
    return Hints(ranges=list(ranges.values()))


def to_wire(hints: Hints) -> dict[str, Any]:
    """For the channel layer: bytes and numbers."""
    return {
        "ranges": [[r.conversation_id.bytes, r.first, r.last] for r in hints.ranges],
        "marks": [_mark_to_wire(risen) for risen in hints.marks],
        "refresh": [id_.bytes for id_ in hints.refresh],
        "recheck": [id_.bytes for id_ in hints.recheck],
        "spent": [[one.person_id.bytes, one.step, one.used, one.budget] for one in hints.spent],
    }


def from_wire(data: dict[str, Any]) -> Hints:
    return Hints(
        ranges=[Range(UUID(bytes=id_), first, last) for id_, first, last in data["ranges"]],
        marks=[_mark_from_wire(risen) for risen in data["marks"]],
        refresh=[UUID(bytes=id_) for id_ in data["refresh"]],
        recheck=[UUID(bytes=id_) for id_ in data["recheck"]],
        spent=[Spent(UUID(bytes=id_), step, used, budget) for id_, step, used, budget in data.get("spent", ())],  # older releases say none
    )


def _mark_to_wire(risen: Risen) -> list[Any]:
    return [
        risen.conversation_id.bytes,
        [
            [m.number, m.delivered_seq, m.read_seq, risen.persons[m.number].bytes, m.number in risen.kept, m.number in risen.only_read]
            for m in risen.marks
        ],
        [[r.person_id.bytes, r.access_version] for r in risen.audience],
    ]


def _mark_from_wire(data: list[Any]) -> Risen:
    conversation_id, marks, audience = data
    return Risen(
        conversation_id=UUID(bytes=conversation_id),
        marks=[frames.Mark(number, delivered, read) for number, delivered, read, *_ in marks],
        kept=frozenset(number for number, _, _, _, is_kept, _ in marks if is_kept),
        only_read=frozenset(number for number, *_, is_only_read in marks if is_only_read),
        persons={number: UUID(bytes=person_id) for number, _, _, person_id, *_ in marks},
        audience=[Recipient(UUID(bytes=person_id), version) for person_id, version in audience],
    )
