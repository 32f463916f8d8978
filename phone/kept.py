"""Everything a phone keeps between two starts, and what its person can do with it. No I/O."""

import re
from datetime import datetime
from uuid import UUID, uuid4

from msgspec import Struct, field

from phone.conversation import Conversation
from phone.outbox import Draft, Outbox
from phone.wire import MOST_CURSORS, Entry, Resume

LONGEST_BODY = 2_000  # code points
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class CannotSay(Exception):
    """This cannot be written here; `code` says why, in the server's words where it has one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Person(Struct):
    """Whose phone this is."""

    id: UUID
    name: str
    role: str
    language: str
    zone: str


class Kept(Struct):
    """The device: its token, its conversations and its drafts."""

    server: str
    token: str
    person: Person
    epoch: UUID | None = None
    conversations: dict[UUID, Conversation] = {}
    outbox: Outbox = field(default_factory=Outbox)

    def conversation(self, id_: UUID) -> Conversation:
        return self.conversations.setdefault(id_, Conversation(id_))

    def listed(self) -> list[Conversation]:
        """The conversations that can be shown, the most recent first."""
        return sorted((c for c in self.conversations.values() if c.card is not None), key=last_at, reverse=True)

    # What the person does.

    def write(self, conversation: UUID, body: str, *, now: datetime) -> Draft:
        """Put a message in the outbox. :raises CannotSay:"""
        return self._draft(Draft(uuid4(), conversation, "message", now, body=sendable(body)))

    def edit(self, conversation: UUID, target: int, body: str, *, now: datetime) -> Draft:
        """:raises CannotSay:"""
        return self._draft(Draft(uuid4(), conversation, "edit", now, body=sendable(body), target=target))

    def retract(self, conversation: UUID, target: int, *, now: datetime) -> Draft:
        return self._draft(Draft(uuid4(), conversation, "retract", now, target=target))

    def _draft(self, draft: Draft) -> Draft:
        self.outbox.add(draft)
        return draft

    def see(self, conversation: UUID) -> bool:
        """Everything here was on the screen; whether that is news."""
        found = self.conversation(conversation)
        cursor = found.log.cursor or 0
        is_news = cursor > found.seen
        found.seen = max(found.seen, cursor)
        return is_news

    def last_own(self, conversation: UUID) -> Entry | None:
        """The newest message of this person that still has words."""
        found = self.conversation(conversation)
        mine = (e for e in reversed(found.log.entries) if e.kind == "message" and e.author == found.you and e.retracted_seq is None)
        return next(mine, None)

    # What the connection does.

    def resume(self, ref: int) -> Resume:
        """Where this device is. It has room for so many cursors; a log beyond them starts afresh."""
        known = sorted((c for c in self.conversations.values() if c.log.cursor is not None), key=last_at, reverse=True)
        for forgotten in known[MOST_CURSORS:]:
            forgotten.log.entries, forgotten.log.cursor = [], None
        return Resume(ref, self.epoch, {c.id: c.log.cursor for c in known[:MOST_CURSORS] if c.log.cursor is not None})

    def start_afresh(self) -> None:
        """The log began a new life (a restored backup): what is known of the old one is worth nothing."""
        self.conversations = {}
        self.outbox.forget_places()

    def settle(self, conversation: Conversation) -> None:
        """Drafts whose entry is in the log have done their work."""
        arrived = {entry.draft_id for entry in conversation.log.entries[-100:] if entry.draft_id is not None}
        cursor = conversation.log.cursor or 0
        for draft in self.outbox.of(conversation.id):
            if draft.draft_id in arrived or (draft.seq is not None and draft.seq <= cursor):
                self.outbox.drop(draft.draft_id)


def sendable(body: str) -> str:
    """What may travel of a typed text. :raises CannotSay: nothing is left, or it is too long."""
    clean = _UNSENDABLE.sub("", body).strip()
    if not clean:
        raise CannotSay("body_empty")
    if len(clean) > LONGEST_BODY:
        raise CannotSay("body_too_long")
    return clean


def last_at(conversation: Conversation) -> float:
    """When something was last said, as a timestamp."""
    entries = conversation.log.entries
    return entries[-1].at.timestamp() if entries else 0.0
