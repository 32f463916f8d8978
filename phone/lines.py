"""From what is kept to what is shown: one conversation as lines for a person. No I/O, and the same for every screen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from uuid import UUID

from phone import meetings
from phone.conversation import Conversation
from phone.kept import Kept
from phone.outbox import Draft
from phone.planned import Meeting
from phone.printable import on_one_line, printable
from phone.wire import Entry
from phone.words import Words


class Fate(Enum):
    """How far a message of this person got."""

    WAITS = "waits"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REFUSED = "refused"


class Side(Enum):
    MINE = "mine"
    THEIRS = "theirs"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the screen. `key` stays the same from draft to entry, which has a `seq`; `readers` of `others` people read it."""

    key: str
    side: Side
    name: str
    at: datetime
    text: str
    seq: int = 0
    is_edited: bool = False
    is_gone: bool = False
    fate: Fate | None = None
    readers: int = 0
    others: int = 0
    problem: str = ""


def lines(kept: Kept, conversation: Conversation, words: Words) -> list[Line]:
    """The log as its reader knows it, and behind it what is not in it yet."""
    drafts = kept.outbox.of(conversation.id)
    changes = {draft.target: draft for draft in drafts if draft.target is not None and draft.refused is None}
    shown = [line for entry in conversation.log.entries if (line := _line(kept, entry, conversation, words, changes.get(entry.seq)))]
    return [*shown, *_waiting(drafts, words)]


def _line(kept: Kept, entry: Entry, conversation: Conversation, words: Words, change: Draft | None) -> Line | None:
    if entry.meeting is not None:
        return _plan(kept, entry, entry.meeting, conversation, words)
    if entry.kind == "meeting" and entry.hidden_seq is not None:
        return Line(key=str(entry.seq), side=Side.NOTE, name="", at=entry.at, text=words.safety.removed, seq=entry.seq)
    if entry.kind != "message":
        return _note(entry, conversation, words)
    is_mine = entry.author == conversation.you
    line = Line(
        key=str(entry.draft_id or entry.seq),
        side=Side.MINE if is_mine else Side.THEIRS,
        name=words.you if is_mine else name_of(entry.author, conversation, words),
        at=entry.at,
        text=_text(entry, words),
        seq=entry.seq,
        is_edited=entry.edited_seq is not None,
        is_gone=entry.body is None,
    )
    if not is_mine or entry.retracted_seq is not None:
        return line
    line = _with_fate(line, entry.seq, conversation)
    if change is None:
        return line
    is_gone = change.kind == "retract"
    text = words.taken_back if is_gone else printable(change.body or "")
    return replace(line, text=text, is_gone=is_gone, is_edited=not is_gone, fate=Fate.WAITS)


def _text(entry: Entry, words: Words) -> str:
    if entry.retracted_seq is not None:
        return words.taken_back
    if entry.hidden_seq is not None:
        return words.safety.removed
    if entry.concealed:
        return words.hidden
    return words.unreadable if entry.body is None else printable(entry.body)


def _with_fate(line: Line, seq: int, conversation: Conversation) -> Line:
    others = conversation.others
    readers = sum((member.read_seq or 0) >= seq for member in others)
    if others and readers == len(others):
        fate = Fate.READ
    elif others and all(member.delivered_seq >= seq for member in others):
        fate = Fate.DELIVERED
    else:
        fate = Fate.SENT
    return replace(line, fate=fate, readers=readers, others=len(others))


def _note(entry: Entry, conversation: Conversation, words: Words) -> Line | None:
    name = name_of(entry.member or 0, conversation, words)
    texts = {"join": words.joined.format(name=name), "leave": words.left.format(name=name), "close": words.closed}
    if entry.kind not in texts:
        return None
    return Line(key=str(entry.seq), side=Side.NOTE, name="", at=entry.at, text=texts[entry.kind], seq=entry.seq)


def _plan(kept: Kept, entry: Entry, meeting: Meeting, conversation: Conversation, words: Words) -> Line:
    def name(number: int) -> str:
        return words.you if number == conversation.you else name_of(number, conversation, words)

    text = meetings.told(meeting, words, author=name(entry.author), name=name, year=entry.at.year, zone=kept.person.zone)
    return Line(key=str(entry.draft_id or entry.seq), side=Side.NOTE, name="", at=entry.at, text=text, seq=entry.seq)


def _waiting(drafts: Iterable[Draft], words: Words) -> Iterable[Line]:
    for draft in drafts:
        is_refused = draft.refused is not None
        if (draft.target is not None or draft.report is not None) and not is_refused:
            continue  # shown at its target; and of a report nothing stays on a screen that others may see
        fate = Fate.REFUSED if is_refused else Fate.WAITS if draft.seq is None else Fate.SENT
        text = printable(draft.body) if draft.body is not None else words.safety.report if draft.report else words.taken_back
        problem = words.problem(draft.refused) if draft.refused is not None else ""
        yield Line(str(draft.draft_id), Side.MINE, words.you, draft.sent_at or draft.made_at, text, fate=fate, problem=problem)


def name_of(number: int, conversation: Conversation, words: Words) -> str:
    if number == 0:
        return words.organisation
    member = conversation.members.get(number)
    return on_one_line(member.name) if member is not None else f"#{number}"


def title_of(conversation: Conversation, words: Words) -> str:
    """Whom this conversation is with."""
    others = conversation.others or [m for m in conversation.members.values() if m.number != conversation.you]
    return ", ".join(on_one_line(member.name) for member in others) or "…"


def state_of(conversation: Conversation, words: Words) -> str:
    """What stands in the way of writing, if anything does."""
    card = conversation.card
    if card is None or conversation.can_write:
        return ""
    if card.left:
        return words.problem("conversation_not_found")
    return words.paused if card.state == "paused" else words.closed


def refused_drafts(kept: Kept, conversation: UUID) -> list[Draft]:
    return [draft for draft in kept.outbox.of(conversation) if draft.refused is not None]
