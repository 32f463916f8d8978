"""One device's wire in lite: what it calls its conversations, how far it got, and the instant its times count from.

Like `chat.codec`, no I/O; unlike it, every socket has its own, because what was said before need not be said again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import UNSET

from chat import frames
from chat.codec import HeldBack
from chat.errors import FrameTooBig, MalformedFrame, UnknownCommand, WrongKindOfFrame
from chat.lite import bodies, layouts, meetings, safety
from chat.lite.layouts import ACK, Layout
from chat.lite.meetings import or_none, trimmed
from chat.lite.offers import Offer, posted_offer
from core.errors import DomainError

MOST_FRAMES = 64  # in one message
USUAL_HEARTBEAT, USUAL_WINDOW = 240, 64  # what a welcome need not say
LONGEST_SILENCE = 840  # seconds: the slowest heartbeat
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOWHERE = UUID(int=0)  # stands for a slot that nobody has: the domain answers as to any conversation that is not there
_PREFIX = 12  # bytes of a device's UUID that its own drafts share
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode

Command = frames.Command | DomainError


class Known(msgspec.Struct):
    """What this wire knows of one conversation: its slot, this person's number in it, and what the device has: its cursor, the
    stamp of its card, and by number how far members got (delivered, read).
    """

    slot: int
    you: int
    cursor: int
    stamp: int
    is_named: bool  # the device knows its UUID
    marks: dict[int, tuple[int, int]]


class Lite:
    """The codec of one device: `decode` what it says, `encode` what it is told, `join` what travels together."""

    carries_several: bool = True
    longest_silence: float = LONGEST_SILENCE
    patience: float = 4  # times as long as others it may take to ack: a blackout of 2G is not the end

    def __init__(self, *, device_id: UUID, offer: Offer, now: datetime) -> None:
        self.device_id = device_id
        self.offer = offer
        self.low_data = False
        self.life = 0  # set with what the device resumes from
        self.starts_afresh = True
        self._at = int(now.timestamp())
        self._conversations: dict[int, UUID] = {}
        self._known: dict[UUID, Known] = {}
        self._bodies = bodies.Bodies(offer.dictionaries)
        self._meets: set[int] = set()  # refs of acts about meetings: their `sent` stands for no entry

    # What the session tells it.

    def learn(self, conversation_id: UUID, *, slot: int, you: int, stamp: int, first_seq: int) -> None:
        """A conversation of this person, new to this wire or changed."""
        known = self._known.get(conversation_id)
        if known is None:
            place = self.offer.cursor.places.get(slot) if self.offer.cursor and not self.starts_afresh else None
            known = Known(slot, you, place.seq if place else first_seq - 1, stamp, place is not None, {})
            self._known[conversation_id] = known
            self._conversations[slot] = conversation_id
        known.you, known.stamp = you, stamp

    def number_in(self, conversation_id: UUID) -> int | None:
        """What this person is called in a conversation that this wire knows."""
        known = self._known.get(conversation_id)
        return known.you if known else None

    def knows(self, conversation_id: UUID, mark: frames.Mark) -> bool:
        """Whether the device needs not be told: its own delivery it knows best, and of others what it was told or can conclude."""
        known = self._known[conversation_id]
        delivered, read = known.marks.get(mark.number, (0, 0))
        is_delivery_known = mark.number == known.you or mark.delivered_seq <= delivered
        return is_delivery_known and (not isinstance(mark.read_seq, int) or mark.read_seq <= read)

    def told(self, conversation_id: UUID, marks: Iterable[frames.Mark | frames.Member]) -> None:
        """The device knows these marks from now on."""
        known = self._known[conversation_id].marks
        for mark in marks:
            delivered, read = known.get(mark.number, (0, 0))
            read_now = mark.read_seq if isinstance(mark.read_seq, int) else 0
            known[mark.number] = (max(delivered, mark.delivered_seq), max(read, read_now))

    # The way in.

    def decode(self, data: bytes | str | None, *, wait: Callable[[], int]) -> Iterator[Command | HeldBack]:
        """The commands of one message; one that cannot be read comes as the refusal it deserves.

        Each is paid for (`wait`) before it is looked into: a squeezed body of 30 bytes is work.
        """
        if not isinstance(data, bytes):
            yield WrongKindOfFrame()
            return
        if len(data) > frames.MAX_FRAME:
            yield FrameTooBig()
            return
        try:
            arrays = _arrays(data)
        except MalformedFrame as problem:
            yield problem
            return
        for array in arrays:
            seconds = 0 if array[0] == ACK else wait()
            yield HeldBack(seconds, _ref_of_any(array)) if seconds else self._command(array)

    def _command(self, array: list[Any]) -> Command:
        number = array[0]
        layout = layouts.SEND if number >= 0 else layouts.UP.get(number)
        if layout is None:
            return UnknownCommand(**_ref_of(array[1] if len(array) > 1 else None))
        values = array if number >= 0 else array[1:]
        fields = dict(zip(layout.fields, values, strict=False))  # what is longer comes from a newer device
        ref = fields.get("ref")
        try:
            given = {name: self._read(name, value) for name, value in fields.items() if value is not None}
            if layout.defaults.get("ref") == frames.SILENT and "ref" not in given:
                return msgspec.structs.replace(msgspec.convert({**given, "ref": 0}, frames.Read), ref=frames.SILENT)
            command = cast(frames.Command, msgspec.convert({**layout.defaults, **given}, layout.frame))
        except (msgspec.ValidationError, MalformedFrame, ValueError, TypeError, OverflowError) as problem:
            said = problem.facts["problem"] if isinstance(problem, MalformedFrame) else str(problem)
            return MalformedFrame(problem=said[:200], **_ref_of(ref))
        if isinstance(command, frames.Meet):
            self._meets.add(command.ref)
        return command

    def _read(self, name: str, value: Any) -> Any:
        match name:
            case "conversation":
                return self._conversation(value)
            case "draft_id" | "flag_id" | "escalation_id":
                return self._draft_id(value)
            case "media":
                return UUID(bytes=value) if isinstance(value, bytes) else value
            case "body":
                return self._bodies.open(value)
            case "until":
                return _EPOCH + timedelta(seconds=value) if type(value) is int else value
            case "reason" | "urgency":
                return safety.read(name, value)
        return meetings.read(name, value)

    def _conversation(self, slot: Any) -> UUID:
        if type(slot) is not int:
            raise MalformedFrame(problem="a slot is a whole number")
        return self._conversations.get(slot, _NOWHERE)

    def _draft_id(self, value: Any) -> UUID:
        """A number counts from this device's own UUID; any other UUID stands as it is."""
        if isinstance(value, bytes) and len(value) == 16:
            return UUID(bytes=value)
        if type(value) is not int or not 0 <= value < 2**32:
            raise MalformedFrame(problem="a draft is a number below 2^32 or a UUID of 16 bytes")
        return UUID(int=self.device_id.int ^ value)

    # The way out.

    def encode(self, frame: frames.Reply | frames.Event) -> list[bytes]:
        """One frame, as the arrays that say it: none, one, or several entries."""
        match frame:
            case frames.Entries(conversation, entries):
                return [_packed(self._entry(conversation, entry)) for entry in entries]
            case frames.Welcome():
                return [_packed(self._welcome(frame))]
            case frames.Resumed():
                return []
            case frames.Page():
                return [_packed(self._page(frame))]
            case frames.Marks(conversation, marks):
                self.told(conversation, marks)
                numbers = [number for mark in marks for number in (mark.number, mark.delivered_seq, or_none(mark.read_seq))]
                return [_packed([layouts.MARKS, self._known[conversation].slot, *numbers])]
            case frames.Changed(card):
                return [_packed(self._card(card))]
        layout = layouts.DOWN[type(frame)]
        values = [self._write(layout, name, getattr(frame, name)) for name in layout.fields]
        if isinstance(frame, frames.Sent) and frame.reply_to not in self._meets:
            self._moved(frame.conversation, frame.seq)
        self._meets.discard(getattr(frame, "reply_to", -1))
        return [_packed([layout.number, *values])]

    def _write(self, layout: Layout, name: str, value: Any) -> Any:
        if value is UNSET or value is False or value == layout.defaults.get(name):
            return None
        match name:
            case "at":
                return self._gap(value)
            case "answer_by" | "until":
                return _seconds(value)
            case "help":
                return safety.HELPS.index(value)
            case "conversation":
                return self._known[value].slot
        return value

    def entry(self, delivery: Any, person_id: UUID, *, conceals: bool) -> list[bytes]:
        entry = delivery.seen_by(person_id, conceals=conceals, spares_data=self.low_data)
        return self.encode(frames.Entries(delivery.conversation_id, [entry]))

    @staticmethod
    def join(arrays: Sequence[bytes]) -> bytes:
        """One message: a frame, or an array of frames."""
        if len(arrays) == 1:
            return arrays[0]
        count = len(arrays)
        head = bytes([0x90 + count]) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
        return head + b"".join(arrays)

    def _welcome(self, frame: frames.Welcome) -> list[Any]:
        now = self._at = int(frame.now.timestamp())
        who = [self.life, frame.device.bytes, frame.person.bytes] if self.starts_afresh else [None, None, None]
        heartbeat = None if frame.heartbeat == USUAL_HEARTBEAT else frame.heartbeat
        window = None if frame.window == USUAL_WINDOW else frame.window
        return [layouts.WELCOME, now, *who, heartbeat, self._bodies.refused_names(), window]

    def _page(self, frame: frames.Page) -> list[Any]:
        arrays, following = [], None
        for entry in frame.entries:
            arrays.append(trimmed(self._fields(frame.conversation, entry, expected=following)))
            following = entry.seq + 1
        return [layouts.PAGE, frame.reply_to, frame.more, *arrays]

    def _entry(self, conversation: UUID, entry: frames.Entry) -> list[Any]:
        fields = self._fields(conversation, entry, expected=self._known[conversation].cursor + 1)
        known = self._known[conversation]
        known.cursor = max(known.cursor, entry.seq)
        self._has_own_words(known, entry)
        return fields

    @staticmethod
    def _has_own_words(known: Known, entry: frames.Entry) -> None:
        """Who had everything before a line of their own has that too. Both sides conclude it."""
        delivered, read = known.marks.get(entry.author, (0, 0))
        if delivered == entry.seq - 1:
            known.marks[entry.author] = (entry.seq, read)

    def _moved(self, conversation: UUID, seq: int) -> None:
        """A `sent` that is the next entry moves the device's cursor; any other leaves it where it is."""
        known = self._known[conversation]
        if seq == known.cursor + 1:
            known.cursor = seq

    def _fields(self, conversation: UUID, entry: frames.Entry, *, expected: int | None) -> list[Any]:
        known = self._known[conversation]
        usual = 2 if known.you == 1 else 1
        kind = layouts.KINDS.index(entry.kind)
        return [
            known.slot,
            self._gap(entry.at),
            self._bodies.seal_off(entry.body),
            None if entry.author == usual else entry.author,
            kind or None,
            None if entry.seq == expected else entry.seq,
            or_none(entry.target),
            or_none(entry.member),
            or_none(entry.edited_seq),
            or_none(entry.retracted_seq),
            entry.concealed or None,
            self._draft(entry.draft_id),
            self._media(entry.media),
            None if entry.meeting is UNSET else meetings.written(entry.meeting),
            or_none(entry.hidden_seq),
        ]

    def _gap(self, at: datetime) -> int:
        instant = int(at.timestamp())
        gap, self._at = instant - self._at, instant
        return gap

    def _draft(self, draft_id: UUID | Any) -> Any:
        if draft_id is UNSET:
            return None
        is_own = draft_id.bytes[:_PREFIX] == self.device_id.bytes[:_PREFIX]
        return draft_id.int ^ self.device_id.int if is_own else draft_id.bytes

    def _media(self, media: Any) -> Any:
        if media is UNSET:
            return None
        rest = [media.small, media.large or None, media.preview or None, media.width or None, media.height or None, media.seconds or None]
        return trimmed([layouts.MEDIA_KINDS.index(media.kind), *rest])

    def _card(self, card: frames.Card) -> list[Any]:
        known = self._known[card.id]
        id_ = None if known.is_named else card.id.bytes
        known.is_named = True
        self.told(card.id, card.members)
        members = [trimmed([m.number, m.name, m.role, m.delivered_seq or None, or_none(m.read_seq), m.left or None]) for m in card.members]
        times = [_seconds(card.closes_at), _seconds(card.muted_until)]
        what = [card.kind, layouts.STATES.index(card.state) or None, card.you, card.first_seq, card.last_seq, known.stamp]
        return [layouts.CARD, known.slot, id_, *what, members, card.read_seq or None, *times, card.left or None]


def goodbye(frame: frames.Bye) -> bytes:
    """What a device hears that is not let in."""
    return _packed([layouts.DOWN[frames.Bye].number, frame.code, or_none(frame.retry_after)])


def read_post(data: bytes) -> tuple[Offer, bytes | None]:
    """What leads a POST, and the commands that follow it, if any, as a message. :raises MalformedFrame:"""
    first, *rest = _arrays(data)
    if first[0] != layouts.RESUME:
        raise MalformedFrame(problem="the first frame of a POST is resume: [-10, cursor, wait, dictionaries, page]")
    return posted_offer(first), Lite.join([_pack(array) for array in rest]) if rest else None


def _arrays(data: bytes) -> list[list[Any]]:
    """:raises MalformedFrame:"""
    try:
        value = _unpack(data)
    except (msgspec.DecodeError, ValueError, RecursionError, OverflowError) as problem:
        raise MalformedFrame(problem=str(problem)[:200]) from None
    arrays = [value] if isinstance(value, list) and value and type(value[0]) is int else value
    if not isinstance(arrays, list) or not 0 < len(arrays) <= MOST_FRAMES:
        raise MalformedFrame(problem="a message is a frame, or an array of 1 to 64 frames")
    if not all(isinstance(array, list) and array and type(array[0]) is int for array in arrays):
        raise MalformedFrame(problem="a frame is an array that begins with a whole number")
    return arrays


def _ref_of_any(array: list[Any]) -> int | None:
    layout = layouts.SEND if array[0] >= 0 else layouts.UP.get(array[0])
    place = layout.fields.index("ref") + (array[0] < 0) if layout and "ref" in layout.fields else 1
    return _ref_of(array[place]).get("ref") if place < len(array) else None


def _ref_of(value: Any) -> dict[str, int]:
    return {"ref": value} if type(value) is int and 0 <= value < 2**31 else {}


def _packed(values: Iterable[Any]) -> bytes:
    return _pack(trimmed(list(values)))


def _seconds(value: Any) -> int | None:
    return None if value is UNSET else int(value.timestamp())
