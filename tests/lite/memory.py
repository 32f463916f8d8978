"""What a phone keeps from one connection to the next."""

import random
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from tests.lite.frames import Card, Entry, Marks

_DIFFERENT = 1 << 16


@dataclass(slots=True)
class Talk:
    """One conversation: its card, the entries that came in order, and how far that is."""

    card: Card | None = None
    id: UUID | None = None
    log: dict[int, Entry] = field(default_factory=dict)
    last: int | None = None

    @property
    def before_next(self) -> int:
        """The cursor; without one, what stands before all that this person may see."""
        return self.last if self.last is not None else self.card.first_seq - 1 if self.card else 0

    @property
    def sum_of_marks(self) -> int:
        """Without this phone's own delivered mark: it knows best itself how far it got."""
        if self.card is None:
            return 0
        read = sum(member.read or 0 for member in self.card.members)
        return (read + sum(member.delivered for member in self.card.members if member.number != self.card.you)) % _DIFFERENT

    def has_own_words(self, author: int, seq: int) -> None:
        """Who had everything before a line of their own has that too."""
        for member in self.card.members if self.card else ():
            if member.number == author and member.delivered == seq - 1:
                member.delivered = seq


@dataclass(slots=True)
class Memory:
    """`repeated` and `jumps` are of entries that came a second time, and before their turn."""

    life: int | None = None
    device: UUID | None = None
    person: UUID | None = None
    talks: dict[int, Talk] = field(default_factory=dict)
    drafts: int = field(default_factory=lambda: random.randrange(2**16, 2**31))  # an emptied phone never numbers from 1 again
    repeated: list[tuple[int, int, str | None]] = field(default_factory=list)  # slot, seq, body
    jumps: int = 0

    def begin(self, life: int, device: UUID, person: UUID) -> None:
        """Start afresh; numbers of drafts go on, for the device may be the same."""
        self.life, self.device, self.person = life, device, person
        self.talks.clear()

    def cursor(self) -> bytes | None:
        """How far this phone got; None while it is new."""
        if self.life is None:
            return None
        numbers = [self.life]
        for slot, talk in self.talks.items():
            if talk.card is not None:
                numbers += [slot, talk.before_next, talk.card.stamp, talk.sum_of_marks]
        return msgspec.msgpack.encode(numbers)

    def next_draft(self) -> int:
        self.drafts += 1
        return self.drafts

    def draft(self, number: int) -> UUID:
        """The whole id of a draft of this device."""
        assert self.device is not None  # told before anything is written
        return UUID(int=self.device.int ^ number)

    def keep_card(self, card: Card) -> None:
        talk = self.talks.setdefault(card.slot, Talk())
        talk.card = card
        talk.id = card.id or talk.id

    def keep_entry(self, entry: Entry) -> bool:
        """The three rules of order; False: it came before its turn, and the connection is not to be trusted any more."""
        talk = self.talks[entry.slot]
        if talk.last is not None and entry.seq <= talk.last:
            self.repeated.append((entry.slot, entry.seq, entry.body))
            return True
        is_brought_back = talk.card is not None and entry.seq == talk.card.first_seq
        if talk.last is not None and entry.seq != talk.last + 1 and not is_brought_back:
            self.jumps += 1
            return False
        talk.log[entry.seq] = entry
        talk.last = entry.seq
        talk.has_own_words(entry.author, entry.seq)
        return True

    def keep_read(self, slot: int, seq: int) -> None:
        """This phone's person saw everything up to there."""
        card = self.talks[slot].card
        if card is not None:
            self.keep_marks(Marks(slot, [(card.you, 0, seq)]))

    def keep_marks(self, marks: Marks) -> None:
        card = self.talks[marks.slot].card
        members = {member.number: member for member in card.members} if card else {}
        for number, delivered, read in marks.marks:
            member = members[number]
            member.delivered = max(member.delivered, delivered)
            member.read = member.read if read is None else max(member.read or 0, read)
