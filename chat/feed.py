"""What one socket was given and what it still lacks. Pure: no I/O, no clock of its own.

A conversation's entries are given in order, without holes. When the device has not acked for a while, or an entry is
not the next one, the feed only remembers how far the log goes; what lies between is read from the database later.
So the memory of a socket is bounded by its window and its number of conversations, whatever the peer does.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

WINDOW_BYTES = 128 * 1024
MOST_UNACKED_FRAMES = 512
MOST_UNACKED_BYTES = 1024 * 1024


@dataclass(slots=True)
class Track:
    """How far one conversation was given (`given`), how far its log goes (`head`), and what is under way.

    `stamp` recognises the state of its card that the device knows.
    """

    given: int
    head: int
    is_loading: bool = False
    head_told: int = 0
    stamp: int = 0


@dataclass(slots=True, frozen=True)
class Unacked:
    """A frame the device has not acked; those of one message share its `number`. `delivers` is the conversation and seq that its ack will prove delivered."""

    number: int
    size: int
    is_event: bool
    delivers: tuple[UUID, int] | None
    at: float


class Feed:
    """The book-keeping of one socket; `at` is monotonic seconds, given by the caller."""

    __slots__ = ("_bytes", "_events", "_unacked", "acked_to", "frames_given", "tracks", "window")

    def __init__(self, *, window: int) -> None:
        self.window = window
        self.frames_given = 0
        self.acked_to = 0
        self.tracks: dict[UUID, Track] = {}
        self._unacked: deque[Unacked] = deque()
        self._bytes = 0
        self._events = 0

    def open(self, conversation_id: UUID, *, given: int, head: int) -> None:
        """Follow a conversation from here on; one that is followed already only learns its new head."""
        track = self.tracks.get(conversation_id)
        if track is None:
            self.tracks[conversation_id] = Track(given=given, head=max(given, head))
        else:
            track.head = max(track.head, head)

    @property
    def has_room(self) -> bool:
        """Whether the device may be given another event now."""
        return self._events < self.window and self._bytes < WINDOW_BYTES

    @property
    def is_hopeless(self) -> bool:
        """Whether the device takes frames without ever acking: its memory is not ours to fill."""
        return len(self._unacked) > MOST_UNACKED_FRAMES or self._bytes > MOST_UNACKED_BYTES

    def is_next(self, conversation_id: UUID, seq: int) -> bool:
        """Whether this entry may be given at once; if not, remember that the log goes this far."""
        track = self.tracks.get(conversation_id)
        if track is None:
            return False
        if seq == track.given + 1 and not track.is_loading and self.has_room:
            return True
        track.head = max(track.head, seq)
        return False

    def is_completed_by(self, conversation_id: UUID, seq: int) -> bool:
        """Whether a `sent` reply, which goes out in any case, brings the device up to this seq; if not, it will be given later."""
        track = self.tracks.get(conversation_id)
        if track is None:
            return False
        track.head = max(track.head, seq)
        return seq == track.given + 1

    def gave(self, *, size: int, at: float, is_event: bool, delivers: tuple[UUID, int] | None = None, joins: bool = False) -> None:
        """A frame of `size` bytes goes out, alone or with the one before it (`joins`); it may bring one conversation up to a seq."""
        self.frames_given += not joins
        self._unacked.append(Unacked(self.frames_given, size, is_event, delivers, at))
        self._bytes += size
        self._events += is_event
        if delivers is not None:
            self._advance(*delivers)

    def _advance(self, conversation_id: UUID, seq: int) -> None:
        if track := self.tracks.get(conversation_id):
            track.given = max(track.given, seq)
            track.head = max(track.head, seq)

    def acked(self, number: int) -> dict[UUID, int]:
        """The device stored everything up to the `number`-th frame: how far that delivers each conversation.

        :raises ValueError: a number that was never given.
        """
        if number > self.frames_given:
            raise ValueError(number)
        self.acked_to = max(self.acked_to, number)
        delivered: dict[UUID, int] = {}
        while self._unacked and self._unacked[0].number <= number:
            frame = self._unacked.popleft()
            self._bytes -= frame.size
            self._events -= frame.is_event
            if frame.delivers is not None:
                delivered[frame.delivers[0]] = frame.delivers[1]
        return delivered

    def oldest_event_at(self) -> float | None:
        """When the oldest event that is still unacked went out."""
        return next((frame.at for frame in self._unacked if frame.is_event), None)

    def behind(self) -> Iterator[tuple[UUID, Track]]:
        """The conversations whose log goes further than the device was given and which nobody is reading for it yet."""
        for conversation_id, track in self.tracks.items():
            if track.given < track.head and not track.is_loading:
                yield conversation_id, track

    def untold_heads(self) -> list[tuple[UUID, int]]:
        """Heads to tell a device without room: one a conversation until it has caught up."""
        untold = []
        for conversation_id, track in self.behind():
            if track.head_told <= track.given:
                track.head_told = track.head
                untold.append((conversation_id, track.head))
        return untold
