"""From the bytes of one connection to frames, folded into what the phone keeps, in the order of the bytes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from tests.lite.books import Book
from tests.lite.frames import (
    KINDS,
    STATES,
    Budget,
    Bye,
    Card,
    Done,
    Entry,
    Error,
    Escalated,
    Flagged,
    Frame,
    Head,
    Marks,
    Member,
    Page,
    Pong,
    Sent,
    Statements,
    Unreadable,
    Upgrade,
    Waiting,
    Welcome,
    unpack,
)
from tests.lite.meetings import meeting_of
from tests.lite.memory import Memory

HEARTBEAT, WINDOW = 240, 64
HELPS, OTHER_HELP = ("crisis", "threat", "sexual", "hate", "money", "contact"), "other"


@dataclass(frozen=True, slots=True)
class Asked:
    """A command under way: what its reply needs to be understood."""

    slot: int
    kind: str = ""
    body: str | None = None
    target: int | None = None
    draft: UUID | None = None


class Hearing:
    """One connection. `asked` is filled by who writes."""

    def __init__(self, memory: Memory, books: Sequence[Book]) -> None:
        self.memory = memory
        self.books: list[Book | None] = list(books)
        self.asked: dict[int, Asked] = {}
        self.is_in_order = True
        self._offered = {book.name: book for book in books}
        self._at = 0
        self._readers: dict[int, Callable[..., Frame]] = {
            -1: self._welcome, -2: self._sent, -3: self._page, -4: Done, -5: self._pong, -6: self._error, -7: Head, -8: self._marks,
            -9: self._card, -10: self._bye, -11: Budget, -12: Upgrade, -13: self._flagged, -14: self._escalated, -15: self._waiting,
            -16: Statements,
        }  # fmt: skip

    def hear(self, payload: bytes) -> list[Frame]:
        """:raises Unreadable:"""
        return [self._one(frame) for frame in unpack(payload)]

    def _one(self, frame: list[Any]) -> Frame:
        number, *fields = frame
        try:
            if number >= 0:
                entry = self._entry(number, *fields, before=self._talk(number).before_next)
                self.is_in_order &= self.memory.keep_entry(entry)
                return entry
            return self._readers[number](*fields)
        except (TypeError, KeyError, IndexError, ValueError) as problem:
            raise Unreadable(f"{frame!r}: {problem!r}") from None

    def _talk(self, slot: int) -> Any:
        talk = self.memory.talks[slot]
        if talk.card is None:
            raise Unreadable(f"slot {slot} has no card yet")
        return talk

    def _moved(self, gap: int) -> int:
        self._at += gap
        return self._at

    def _body(self, body: Any) -> str | None:
        if isinstance(body, str | None):
            return body
        number, data = (0, body) if isinstance(body, bytes) else (body.code, bytes(body.data))
        book = self.books[number]
        if book is None:
            raise Unreadable(f"dictionary {number} is not in use")
        return book.read(data)

    def said(self, text: str) -> str | bytes | msgspec.msgpack.Ext:
        """The shortest way to say a text; as it is when that is no longer."""
        ways: list[str | bytes | msgspec.msgpack.Ext] = [text]
        for number, book in enumerate(self.books):
            if book is not None:
                data = book.squeeze(text)
                ways.append(data if number == 0 else msgspec.msgpack.Ext(number, data))
        return min(ways, key=lambda way: len(msgspec.msgpack.encode(way)))

    def _entry(
        self, slot: int, gap: int, body: Any = None, author: int | None = None, kind: int | None = None, seq: int | None = None,
        target: int | None = None, member: int | None = None, edited_seq: int | None = None, retracted_seq: int | None = None,
        concealed: bool | None = None, draft: int | bytes | None = None, media: list[Any] | None = None,
        meeting: list[Any] | None = None, *, before: int,
    ) -> Entry:  # fmt: skip
        at, card = self._moved(gap), self._talk(slot).card
        return Entry(
            slot=slot,
            seq=before + 1 if seq is None else seq,
            at=at,
            body=self._body(body),
            author=author if author is not None else 2 if card.you == 1 else 1,
            kind=KINDS[kind or 0],
            target=target,
            member=member,
            edited_seq=edited_seq,
            retracted_seq=retracted_seq,
            concealed=bool(concealed),
            draft=self.memory.draft(draft) if isinstance(draft, int) else UUID(bytes=draft) if draft is not None else None,
            media=tuple(media) if media is not None else None,
            meeting=meeting_of(meeting) if meeting is not None else None,
        )

    def _welcome(
        self, now: int, life: int | None = None, device: bytes | None = None, person: bytes | None = None, heartbeat: int | None = None,
        dictionaries: list[str] | None = None, window: int | None = None,
    ) -> Welcome:  # fmt: skip
        self._at = now
        if life is not None:
            self.memory.begin(life, UUID(bytes=device), UUID(bytes=person))
        if dictionaries is not None:
            self.books = [self._offered[name] if name else None for name in dictionaries]
        return Welcome(now, heartbeat or HEARTBEAT, dictionaries, window or WINDOW, is_afresh=life is not None)

    def _sent(self, ref: int, seq: int, gap: int, help: int | None = None) -> Sent:
        sent, asked = Sent(ref, seq, self._moved(gap), _help(help)), self.asked.pop(ref)
        talk = self._talk(asked.slot)
        if asked.kind != "meeting" and seq == talk.before_next + 1:
            own = Entry(asked.slot, seq, sent.at, asked.body, talk.card.you, asked.kind, target=asked.target, draft=asked.draft)
            self.memory.keep_entry(own)
        return sent

    def _page(self, ref: int, more: bool, *entries: list[Any]) -> Page:
        before, read = 0, []
        for slot, *fields in entries:
            read.append(self._entry(slot, *fields, before=before))
            before = read[-1].seq
        self.asked.pop(ref, None)
        return Page(ref, more, read)

    def _pong(self, ref: int = 0) -> Pong:
        return Pong(ref)

    def _error(self, code: str, ref: int | None = None, retry_after: int | None = None) -> Error:
        return Error(code, ref, retry_after)

    def _marks(self, slot: int, *numbers: int | None) -> Marks:
        padded = [*numbers, *[None] * (-len(numbers) % 3)]
        marks = Marks(slot, [(n, d or 0, r) for n, d, r in zip(*[iter(padded)] * 3, strict=True)])
        self.memory.keep_marks(marks)
        return marks

    def _card(
        self, slot: int, id: bytes | None, kind: str, state: int, you: int, first_seq: int, last_seq: int, stamp: int,
        members: list[list[Any]], read_seq: int | None = None, closes_at: int | None = None, muted_until: int | None = None,
        left: bool | None = None,
    ) -> Card:  # fmt: skip
        known = self.memory.talks.get(slot)
        if id is None and (known is None or known.id is None):
            raise Unreadable(f"slot {slot} was never told which conversation it is")
        card = Card(
            slot, UUID(bytes=id) if id else None, kind, STATES[state or 0], you, first_seq, last_seq, stamp,
            [_member(*member) for member in members], read_seq or 0, closes_at, muted_until, bool(left),
        )  # fmt: skip
        self.memory.keep_card(card)
        return card

    def _bye(self, code: int, retry_after: int | None = None) -> Bye:
        return Bye(code, retry_after)

    def _flagged(self, ref: int, gap: int, answer_by: int, on_duty: bool | None = None) -> Flagged:
        return Flagged(ref, self._moved(gap), answer_by, bool(on_duty))

    def _escalated(self, ref: int, gap: int, answer_by: int, name: str, on_duty: bool | None = None) -> Escalated:
        return Escalated(ref, self._moved(gap), answer_by, name, bool(on_duty))

    def _waiting(self, ref: int, until: int, help: int | None = None) -> Waiting:
        self.asked.pop(ref)
        return Waiting(ref, until, _help(help))


def _help(number: int | None) -> str | None:
    if number is None:
        return None
    return HELPS[number] if number < len(HELPS) else OTHER_HELP


def _member(number: int, name: str, role: str, delivered: int | None = None, read: int | None = None, left: bool | None = None) -> Member:
    return Member(number, name, role, delivered or 0, read, bool(left))
