"""One conversation on the device: its card, its log, how far everybody got. No I/O."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct, field, structs

from phone.log import Log
from phone.wire import Card, Entry, Mark, Member

MOST_KEPT = 500  # entries on the device; older ones are asked for again


class Conversation(Struct):
    """`seen` is how far this person read here, told to the server or not."""

    id: UUID
    card: Card | None = None
    log: Log = field(default_factory=Log)
    members: dict[int, Member] = {}
    seen: int = 0

    @property
    def you(self) -> int:
        return self.card.you if self.card is not None else 0

    @property
    def can_write(self) -> bool:
        return self.card is not None and self.card.state == "open" and not self.card.left

    @property
    def others(self) -> list[Member]:
        """Everybody else who is still there."""
        return [member for member in self.members.values() if member.number != self.you and not member.left]

    def take_card(self, card: Card) -> None:
        """Take over the card; marks only ever rise, but one that somebody now keeps to themselves is gone."""
        if self.card is not None and card.you != self.card.you:  # back after having left: another number, a later start
            self.log.start_at(card.first_seq)
        self.card = card
        known = self.members
        self.members = {member.number: _raised(member, known.get(member.number)) for member in card.members}
        self.seen = max(self.seen, card.read_seq)
        is_behind = self.log.cursor is not None and self.log.cursor < card.first_seq - 1
        is_empty = self.log.cursor is None and card.last_seq < card.first_seq
        if is_behind or is_empty:
            self.log.start_at(card.first_seq)

    def take_entries(self, entries: Iterable[Entry]) -> list[Entry]:
        """:raises Hole:"""
        new = self.log.take(entries)
        self.log.keep_newest(MOST_KEPT)
        for entry in new:
            self._note(entry)
        return new

    def take_marks(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            if (member := self.members.get(mark.number)) is not None:
                self.members[mark.number] = _raised(member, mark)
            if mark.number == self.you:
                self.seen = max(self.seen, mark.read_seq or 0)

    def _note(self, entry: Entry) -> None:
        if entry.kind == "leave" and entry.member in self.members:
            self.members[entry.member] = structs.replace(self.members[entry.member], left=True)

    def may_have_older(self) -> bool:
        first, card = self.log.first_seq, self.card
        return first is not None and card is not None and first > card.first_seq

    def unread(self) -> int:
        """How many messages and plans of others this person has not seen."""
        return sum(
            entry.kind in {"message", "meeting"} and entry.seq > self.seen and entry.author != self.you and not entry.is_out_of_sight
            for entry in self.log.entries
        )


def _raised(member: Member, other: Member | Mark | None) -> Member:
    """The member with the higher of two marks; a read mark that one side does not show is the other's."""
    if other is None:
        return member
    read = member.read_seq
    if isinstance(other, Mark):
        read = max(read or 0, other.read_seq) if other.read_seq is not None else read
    elif read is not None:
        read = max(read, other.read_seq or 0)
    return structs.replace(member, delivered_seq=max(member.delivered_seq, other.delivered_seq), read_seq=read)
