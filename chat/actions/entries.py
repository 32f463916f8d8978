"""Appending to logs: the one way in for every message, edit and retraction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from msgspec import UNSET

from chat import bodies, frames, policy
from chat.actions.desk import Desk
from chat.drafts import Appended, Draft, Outcome, Refused, Sent
from chat.errors import DraftReused
from chat.facts import EntriesAppended, Line
from chat.models import Conversation, ConversationMember, Entry, EntryKind
from core import facts
from core.errors import DomainError
from core.ids import new_id


def append_drafts(*, drafts: Sequence[Draft], now: datetime) -> list[Outcome]:
    """Append many people's drafts in one transaction; one outcome per draft, in order.

    A draft that was sent before yields the entry it made then; a refused one never fails its neighbours.
    """
    with transaction.atomic():
        desk = Desk.load(drafts)
        batch = _Batch(desk, now)
        outcomes = [batch.take(draft) for draft in drafts]
        batch.write()
    return outcomes


def append_draft(*, draft: Draft, now: datetime) -> Sent:
    """Append one draft.

    :raises DomainError: the refusal that a batch would hold.
    """
    outcome = append_drafts(drafts=[draft], now=now)[0]
    if isinstance(outcome, Refused):
        raise outcome.problem
    return outcome


class _Batch:
    """The entries that one transaction adds, collected first and written in a handful of statements."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self.desk = desk
        self.now = now
        self.entries: list[Entry] = []
        self.changed_targets: dict[tuple[object, int], Entry] = {}

    def take(self, draft: Draft) -> Outcome:
        try:
            return self._earlier(draft) or self._new(draft)
        except DomainError as problem:
            return Refused(draft, problem)

    def _earlier(self, draft: Draft) -> Sent | None:
        entry = self.desk.earlier.get((draft.person_id, draft.draft_id))
        if entry is None:
            return None
        conversation = self.desk.conversations.get(draft.conversation_id)
        if conversation is None or entry.conversation_id != draft.conversation_id:
            raise DraftReused
        if entry.draft_digest is not None and conversation.data_key is not None:
            said = bodies.digest(draft.kind, draft.target, draft.body, key=self.desk.key(conversation), conversation_id=conversation.id)
            if said != bytes(entry.draft_digest):
                raise DraftReused
        return Sent(draft, entry.seq, entry.at)

    def _new(self, draft: Draft) -> Sent:
        conversation = self.desk.conversations.get(draft.conversation_id)
        member = self.desk.members.get(draft.conversation_id, {}).get(draft.person_id)
        is_blocked = self.desk.is_blocked(draft.conversation_id, draft.person_id)
        policy.ensure_may_write(conversation, member, is_blocked=is_blocked, now=self.now)
        assert conversation is not None and member is not None  # the policy refused the rest
        if draft.body is not None:
            bodies.ensure_body(draft.body)
        target = self._target(draft, member)
        entry = self._entry(draft, conversation, member)
        if target is not None:
            self._apply(entry, target, draft, conversation)
        self.desk.earlier[draft.person_id, draft.draft_id] = entry
        self.desk.targets[conversation.id, entry.seq] = entry
        return Sent(draft, entry.seq, self.now, self._appended(entry, draft))

    def _target(self, draft: Draft, member: ConversationMember) -> Entry | None:
        if draft.kind == "message":
            return None
        target = self.desk.targets.get((draft.conversation_id, draft.target or 0))
        policy.ensure_may_change(target, member)
        assert target is not None  # the policy refused the rest
        if draft.kind == "edit":
            policy.ensure_still_editable(target, now=self.now)
        return target

    def _entry(self, draft: Draft, conversation: Conversation, member: ConversationMember) -> Entry:
        key = self.desk.key(conversation)
        conversation.last_seq += 1
        entry_id = new_id()
        entry = Entry(
            id=entry_id,
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            kind=draft.kind,
            author_number=member.number,
            sender_id=draft.person_id,
            draft_id=draft.draft_id,
            draft_digest=bodies.digest(draft.kind, draft.target, draft.body, key=key, conversation_id=conversation.id),
            at=self.now,
            target_seq=draft.target,
        )
        if draft.body is not None:
            entry.body_sealed = self._seal(draft.body, entry, key)
        self.entries.append(entry)
        return entry

    def _seal(self, body: str, entry: Entry, key: bytes) -> bytes:
        assert entry.sender_id is not None  # only people write bodies
        return bodies.seal_body(body, key=key, conversation_id=entry.conversation_id, entry_id=entry.id, sender_id=entry.sender_id)

    def _apply(self, entry: Entry, target: Entry, draft: Draft, conversation: Conversation) -> None:
        """Bring the target up to date, so that the newest body is read in one place and older ones are gone."""
        if draft.body is not None:
            target.body_sealed = self._seal(draft.body, target, self.desk.key(conversation))
            target.edited_seq = entry.seq
        else:
            target.body_sealed = None
            target.draft_digest = None
            target.retracted_seq = entry.seq
        self.changed_targets[target.conversation_id, target.seq] = target

    def _appended(self, entry: Entry, draft: Draft) -> Appended:
        said = frames.Entry(
            seq=entry.seq,
            kind=draft.kind,
            author=entry.author_number,
            at=self.now,
            body=UNSET if draft.body is None else draft.body,
            target=UNSET if draft.target is None else draft.target,
        )
        return Appended(
            conversation_id=entry.conversation_id,
            entry=said,
            audience=self.desk.audience(entry.conversation_id, draft.person_id),
            sender_id=draft.person_id,
            draft_id=draft.draft_id,
        )

    def write(self) -> None:
        if not self.entries:
            return
        Entry.objects.bulk_create(self.entries)
        self._write_targets()
        raise_last_seqs([self.desk.conversations[id_] for id_ in {e.conversation_id for e in self.entries}])
        facts.record(EntriesAppended(tuple(Line(e.conversation_id, e.seq, e.kind, e.sender_id) for e in self.entries)))

    def _write_targets(self) -> None:
        for target in self.changed_targets.values():
            Entry.objects.filter(id=target.id).update(
                body_sealed=target.body_sealed,
                draft_digest=target.draft_digest,
                edited_seq=target.edited_seq,
                retracted_seq=target.retracted_seq,
            )
            newest = 0 if target.retracted_seq else target.edited_seq or 0
            edits = Entry.objects.filter(conversation_id=target.conversation_id, kind=EntryKind.EDIT, target_seq=target.seq)
            edits.exclude(seq=newest).update(body_sealed=None, draft_digest=None)


def append_note(
    conversation: Conversation, *, kind: EntryKind, now: datetime, author_number: int = 0, subject_number: int | None = None
) -> Entry:
    """Append a line that carries no text (join, leave, close) to a conversation locked by the caller."""
    conversation.last_seq += 1
    entry = Entry.objects.create(
        conversation=conversation, seq=conversation.last_seq, kind=kind, author_number=author_number, subject_number=subject_number, at=now
    )
    raise_last_seqs([conversation])
    facts.record(EntriesAppended((Line(conversation.id, entry.seq, kind, None),)))
    return entry


def raise_last_seqs(conversations: Sequence[Conversation]) -> None:
    """Store the new `last_seq` of many locked conversations in one statement, the same on SQLite and PostgreSQL."""
    is_postgres = connection.vendor == "postgresql"
    pair = "(%s::uuid, %s::bigint)" if is_postgres else "(%s, %s)"
    values = ", ".join([pair] * len(conversations))
    parameters = [item for c in conversations for item in (c.id if is_postgres else c.id.hex, c.last_seq)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE chat_conversation SET last_seq = news.column2 FROM (VALUES {values}) AS news WHERE chat_conversation.id = news.column1",  # noqa: S608  # only placeholders are put in
            parameters,
        )
