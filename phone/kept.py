"""Everything a phone keeps between two starts, and what its person can do with it. No I/O."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct, field

from phone.conversation import Conversation
from phone.outbox import Draft, Outbox
from phone.planned import Ask
from phone.safety import Report
from phone.wire import MOST_CURSORS, Entry, Resume

RECENT = timedelta(days=1)
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

    def in_order(self) -> list[Conversation]:
        """The conversations that can be shown, always in the same order."""
        return sorted((c for c in self.conversations.values() if c.card is not None), key=lambda c: c.id)

    def forget(self) -> None:
        """Nothing of it stays in memory either."""
        self.token, self.conversations, self.outbox = "", {}, Outbox()

    # What the person does.

    def write(self, conversation: UUID, body: str, *, now: datetime) -> Draft:
        """Put a message in the outbox. :raises CannotSay:"""
        return self._draft(Draft(uuid4(), conversation, "message", now, body=sendable(body)))

    def edit(self, conversation: UUID, target: int, body: str, *, now: datetime) -> Draft:
        """:raises CannotSay:"""
        return self._draft(Draft(uuid4(), conversation, "edit", now, body=sendable(body), target=target))

    def retract(self, conversation: UUID, target: int, *, now: datetime) -> Draft:
        return self._draft(Draft(uuid4(), conversation, "retract", now, target=target))

    def plan(self, conversation: UUID, ask: Ask, typed: str, *, now: datetime) -> Draft:
        """Ask something of a meeting; what was typed stands on the screen until it is answered. :raises CannotSay:"""
        return self._draft(Draft(uuid4(), conversation, "meeting", now, body=sendable(typed), ask=ask))

    def report(self, conversation: UUID, report: Report, *, now: datetime) -> Draft:
        """Report somebody, or ask for the professional."""
        return self._draft(Draft(uuid4(), conversation, "safety", now, report=report))

    def _draft(self, draft: Draft) -> Draft:
        self.outbox.add(draft)
        return draft

    def again(self, draft: Draft) -> None:
        """Try a refused draft once more; under another id when its own is taken."""
        if draft.refused == "draft_reused":
            draft.draft_id = uuid4()
        draft.refused = None

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

    def belong_to(self, person: UUID) -> None:
        """Forget everything that was somebody else's."""
        if person != self.person.id:
            self.conversations, self.outbox, self.epoch = {}, Outbox(), None

    def start_afresh(self, *, now: datetime) -> None:
        """The log began a new life (a restored backup): forget the old one, and say again what it may have lost."""
        recent = [draft for c in self.conversations.values() for draft in said_since(c, now - RECENT)]
        self.conversations = {}
        self.outbox.forget_places()
        self.outbox.drafts = [*sorted(recent, key=lambda draft: draft.made_at), *self.outbox.drafts]

    def settle(self, conversation: Conversation) -> None:
        """Drafts whose entry is in the log have done their work; where that is they know, also when the answer itself was lost."""
        arrived = {entry.draft_id: entry for entry in conversation.log.entries[-100:] if entry.draft_id is not None}
        cursor = conversation.log.cursor or 0
        for draft in self.outbox.of(conversation.id):
            if (entry := arrived.get(draft.draft_id)) is not None:
                draft.seq, draft.sent_at = entry.seq, entry.at
            if draft.seq is not None and draft.seq <= cursor:
                self.outbox.drop(draft.draft_id)


def said_since(conversation: Conversation, since: datetime) -> list[Draft]:
    """Own messages, as the drafts they were; those that were edited would be another text under the same id."""
    own = [e for e in conversation.log.entries if e.draft_id is not None and e.author == conversation.you and e.at >= since]
    return [
        Draft(e.draft_id, conversation.id, "message", e.at, body=e.body)
        for e in own
        if e.draft_id is not None and e.kind == "message" and e.body is not None and e.edited_seq is None
    ]


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
