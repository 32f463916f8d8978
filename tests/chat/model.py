"""What a conversation server is, as simply as it can be said: lists. The state machine holds the real one against it."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

Line = dict[str, Any]
MOST_ASKED = 20  # of one member, to which nobody said yes


@dataclass
class Said:
    """One line of a log, with every body it ever had."""

    seq: int
    kind: str
    author: int
    at: datetime
    sender: UUID | None = None
    draft_id: UUID | None = None
    body: str | None = None
    target: int | None = None
    member: int | None = None
    edited_seq: int | None = None
    retracted_seq: int | None = None
    hidden_seq: int | None = None
    words: list[tuple[int, str | None]] = field(default_factory=list)  # with the seq that brought them


@dataclass
class Stay:
    person: UUID
    number: int
    joined: int
    left: int | None = None


@dataclass
class Room:
    """One conversation."""

    id: UUID
    is_pair: bool
    stays: list[Stay]
    log: list[Said] = field(default_factory=list)
    proposers: list[int] = field(default_factory=list)  # of the meetings that are open
    is_paused: bool = False
    is_closed: bool = False

    @property
    def head(self) -> int:
        return len(self.log)

    def present(self, person: UUID) -> Stay | None:
        return next((stay for stay in self.stays if stay.person == person and stay.left is None), None)

    def newest(self, person: UUID) -> Stay | None:
        return next((stay for stay in reversed(self.stays) if stay.person == person), None)

    def append(self, kind: str, author: int, at: datetime, **fields: Any) -> Said:
        self.log.append(Said(self.head + 1, kind, author, at, **fields))
        self.log[-1].words.append((self.head, self.log[-1].body))
        return self.log[-1]


@dataclass
class Draft:
    person: UUID
    room: UUID
    kind: str
    draft_id: UUID
    body: str | None = None
    target: int | None = None


@dataclass
class Model:
    """All rooms, who blocked whom and how far each log went then, and the answer to every draft."""

    rooms: dict[UUID, Room]
    blocks: dict[tuple[UUID, UUID], dict[UUID, int]] = field(default_factory=dict)
    heads_at_block: dict[tuple[UUID, UUID], dict[UUID, int]] = field(default_factory=dict)
    drafts: dict[tuple[UUID, UUID], tuple[Draft, int]] = field(default_factory=dict)

    def copy(self) -> "Model":
        return deepcopy(self)

    # What is asked of it.

    def take(self, draft: Draft, now: datetime) -> int | str:
        """The seq that a draft gets or got, or the code of its refusal."""
        earlier = self.drafts.get((draft.person, draft.draft_id))
        if earlier is not None:
            return self._again(draft, *earlier)
        refusal = self._refusal(draft, now)
        if refusal is not None:
            return refusal
        room = self.rooms[draft.room]
        stay = room.present(draft.person)
        assert stay is not None
        line = room.append(draft.kind, stay.number, now, sender=draft.person, draft_id=draft.draft_id, body=draft.body, target=draft.target)
        self.drafts[draft.person, draft.draft_id] = (draft, line.seq)
        if draft.kind == "meeting":
            room.proposers.append(stay.number)
        if draft.target is not None:
            self._change(room, line, room.log[draft.target - 1])
        return line.seq

    def _again(self, draft: Draft, first: Draft, seq: int) -> int | str:
        if draft.room != first.room:
            return "draft_reused"
        line = self.rooms[first.room].log[seq - 1]
        is_same = (draft.kind, draft.body, draft.target) == (first.kind, first.body, first.target)
        return seq if is_same or self._is_forgotten(line) else "draft_reused"

    def _is_forgotten(self, line: Said) -> bool:
        """Of what was taken back or written over nothing is kept, not even a digest."""
        return line.body is None and line.kind in {"message", "edit"}

    def _refusal(self, draft: Draft, now: datetime) -> str | None:
        room = self.rooms[draft.room]
        stay = room.present(draft.person)
        if stay is None:
            return "conversation_not_found"
        if room.is_closed:
            return "conversation_closed"
        if room.is_paused:
            return "conversation_paused"
        if room.is_pair and any(
            {draft.person, other.person} in map(set, self.blocks) for other in room.stays if other.person != draft.person
        ):
            return "not_reachable"
        if draft.kind == "meeting" and room.proposers.count(stay.number) >= MOST_ASKED:
            return "too_many_meetings"
        if draft.target is None:
            return None
        target = room.log[draft.target - 1] if draft.target <= room.head else None
        if target is None or target.seq < stay.joined or target.kind != "message":
            return "entry_not_found"
        if target.author != stay.number:
            return "not_yours"
        if target.retracted_seq is not None:
            return "already_retracted"
        if draft.kind == "edit" and target.hidden_seq is not None:
            return "entry_hidden"
        if draft.kind == "edit" and now - target.at > timedelta(minutes=15):
            return "too_late_to_edit"
        return None

    def _change(self, room: Room, line: Said, target: Said) -> None:
        for other in room.log:
            if other is not line and other.kind == "edit" and other.target == target.seq:
                other.body = None
        if line.kind == "edit":
            target.body, target.edited_seq = line.body, line.seq
            target.words.append((line.seq, line.body))
        else:
            target.body, target.retracted_seq = None, line.seq

    def hide(self, room: Room, seq: int, now: datetime) -> int | None:
        """The seq of the line that says it; none when there is nothing to hide."""
        target = self._hideable(room, seq)
        if target is None or target.hidden_seq is not None or target.retracted_seq is not None:
            return None
        line = room.append("hide", 0, now, target=target.seq)
        target.hidden_seq = line.seq
        for other in room.log:
            if other.kind == "edit" and other.target == target.seq:
                other.body = None
        return line.seq

    def restore(self, room: Room, seq: int, now: datetime) -> int | None:
        target = self._hideable(room, seq)
        if target is None or target.hidden_seq is None:
            return None
        target.hidden_seq = None
        return room.append("restore", 0, now, target=target.seq).seq

    def _hideable(self, room: Room, seq: int) -> Said | None:
        target = room.log[seq - 1] if seq <= room.head else None
        target = room.log[target.target - 1] if target and target.kind == "edit" and target.target else target
        return target if target and target.kind in {"message", "meeting"} else None

    def join(self, room: Room, person: UUID, now: datetime) -> None:
        if room.present(person) is None:
            number = max(stay.number for stay in room.stays) + 1
            line = room.append("join", 0, now, member=number)
            room.stays.append(Stay(person, number, line.seq))

    def leave(self, room: Room, person: UUID, now: datetime) -> None:
        stay = room.present(person)
        if stay is not None:
            stay.left = room.append("leave", stay.number, now, member=stay.number).seq
            self._end_meetings(room, stay, now)

    def _end_meetings(self, room: Room, gone: Stay, now: datetime) -> None:
        """What somebody proposed goes with them, and all of it when fewer than two remain."""
        remain = sum(stay.left is None for stay in room.stays)
        ends = [number for number in room.proposers if number == gone.number or remain < 2]
        room.proposers = [number for number in room.proposers if number not in ends]
        for _ in ends:
            room.append("meeting", 0, now)

    def close(self, room: Room, now: datetime) -> None:
        if not room.is_closed:
            room.is_closed = True
            room.append("close", 0, now)

    # What somebody may see.

    def visible(self, room: Room, person: UUID) -> list[Said]:
        stay = room.newest(person)
        if stay is None:
            return []
        return room.log[stay.joined - 1 : room.head if stay.left is None else stay.left]

    def block(self, blocker: UUID, blocked: UUID, now: datetime) -> None:
        """Where both are or were, from the next line on; where they meet later, all of the other's lines. What two planned ends."""
        here = {room.id: room.head if room.newest(blocker) and room.newest(blocked) else 0 for room in self.rooms.values()}
        if (blocker, blocked) not in self.blocks:
            self.blocks[blocker, blocked] = here
            self.heads_at_block[blocker, blocked] = {room.id: room.head for room in self.rooms.values()}
        for room in self.rooms.values():
            if room.is_pair and room.newest(blocker) and room.newest(blocked):
                for _ in room.proposers:
                    room.append("meeting", 0, now)
                room.proposers = []

    def hidden_after(self, room: Room, person: UUID, line: Said) -> int | None:
        """The last seq of a line's author that this person hears of, if there is one; never in a pair."""
        if room.is_pair or line.sender is None:
            return None
        return self.blocks.get((person, line.sender), {}).get(room.id)

    def shown(self, room: Room, person: UUID, line: Said) -> Line:
        """A line as this person's device shows it."""
        after = self.hidden_after(room, person, line)
        conceals = after is not None and line.seq > after
        fields = {
            "seq": line.seq, "kind": line.kind, "author": line.author, "target": line.target, "member": line.member,
            "body": None if conceals or line.hidden_seq else line.body, "edited_seq": line.edited_seq,
            "retracted_seq": line.retracted_seq, "hidden_seq": line.hidden_seq,
            "draft_id": str(line.draft_id) if line.sender == person else None,
        }  # fmt: skip
        return {key: value for key, value in fields.items() if value is not None}

    def seen_until(self, room: Room, person: UUID, line: Said) -> int | None:
        """Where a line was changed out of this person's sight (they had left, or had blocked its author): the last change they may know of."""
        stay = room.newest(person)
        limits = [limit for limit in (self.hidden_after(room, person, line), stay.left if stay else None) if limit is not None]
        changes = [*(seq for seq, _ in line.words), line.retracted_seq or 0, *self._written_over(room, line), *self._hidings(room, line)]
        return min(limits) if limits and line.seq <= min(limits) < max(changes) else None

    def _written_over(self, room: Room, line: Said) -> list[int]:
        """The changes that made an edit's own words go."""
        return [other.seq for other in room.log if line.target is not None and other.target == line.target and other.seq > line.seq]

    def _hidings(self, room: Room, line: Said) -> list[int]:
        """When it went out of sight and came back, which a device that looks at another part of the log hears of differently."""
        return [other.seq for other in room.log if other.kind in {"hide", "restore"} and other.target in {line.seq, line.target}]

    def was_known_before_a_block(self, room: Room, person: UUID, line: Said) -> bool:
        """It is concealed now, but a device may have got it when it was not."""
        after = self.hidden_after(room, person, line)
        if after is None or line.sender is None or line.seq <= after:
            return False
        return line.seq <= self.heads_at_block[person, line.sender][room.id]

    def words_until(self, line: Said, seq: int) -> set[str | None]:
        return {body for at, body in line.words if at <= seq}
