"""Appending to logs: the one way in for every message, edit, retraction and act about a meeting."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from msgspec import UNSET, UnsetType

from chat import bodies, frames, policy
from chat.actions import statements
from chat.actions.desk import Desk
from chat.actions.statements import Row, Seat, Standing
from chat.actions.watch import Watch
from chat.drafts import Appended, Draft, Outcome, Refused, Sent, Waiting
from chat.errors import DraftReused
from chat.facts import EntriesAppended, Line
from chat.models import Entry, EntryKind
from chat.planning import planner
from core import facts
from core.errors import DomainError, TryAgain
from core.ids import new_id
from media.actions import items
from media.models import Item

log = logging.getLogger(__name__)


def append_drafts(*, drafts: Sequence[Draft], now: datetime) -> list[Outcome]:
    """Append many people's drafts in one transaction; one outcome per draft, in order.

    A draft that was sent before yields the entry it made then; a refused one never fails its neighbours.
    """
    with transaction.atomic():
        batch = _Batch(Desk.load(drafts), now)
        outcomes = [batch.take(draft) for draft in drafts]
        batch.write()
    return outcomes


def append_draft(*, draft: Draft, now: datetime) -> Sent:
    """Append one draft that waits for nobody.

    :raises DomainError: the refusal that a batch would hold.
    """
    return _sent(append_drafts(drafts=[draft], now=now)[0])


def append_released(*, draft: Draft, drafted_at: datetime, now: datetime) -> Sent:
    """Append a draft that waited since `drafted_at`, in the caller's transaction. Nobody looks at it again.

    :raises DomainError: its sender may not write there any more.
    """
    batch = _Batch(Desk.load([draft]), now, drafted_at=drafted_at)
    outcome = batch.take(draft)
    batch.write()
    return _sent(outcome)


def _sent(outcome: Outcome) -> Sent:
    if isinstance(outcome, Refused):
        raise outcome.problem
    if isinstance(outcome, Waiting):
        raise TypeError("This draft waits for a moderator: ask append_drafts.")
    return outcome


class _Batch:
    """The entries that one transaction adds, collected first and written in a handful of statements."""

    def __init__(self, desk: Desk, now: datetime, *, drafted_at: datetime | None = None) -> None:
        self.desk = desk
        self.now = now
        self.drafted_at = drafted_at  # of one that was held and is let through now
        self.watch = Watch(desk, now)
        self.rows: list[Row] = []
        self.taken: dict[tuple[UUID, UUID], Row] = {}
        self.changed_targets: dict[UUID, Entry] = {}
        self.forgotten: list[UUID] = []

    def take(self, draft: Draft) -> Outcome:
        try:
            self.desk.ensure_access(draft)
            return self._earlier(draft) or self._waiting(draft) or self._new(draft)
        except DomainError as problem:
            return Refused(draft, problem)

    def _earlier(self, draft: Draft) -> Sent | None:
        place = (draft.person_id, draft.draft_id)
        entry = self.desk.earlier.get(place) or self.taken.get(place)
        if entry is None:
            return None
        conversation = self.desk.conversations.get(draft.conversation_id)
        if conversation is None or entry.conversation_id != draft.conversation_id:
            raise DraftReused
        is_known = entry.draft_digest is not None and conversation.data_key_id is not None
        if is_known and self._digest(draft, conversation) != bytes(entry.draft_digest or b""):
            raise DraftReused
        return Sent(draft, entry.seq, entry.at, help=self.watch.help_for(draft, conversation))

    def _waiting(self, draft: Draft) -> Waiting | None:
        """What is said of a draft that waits, each time it is given again."""
        conversation = self.desk.conversations.get(draft.conversation_id)
        if conversation is None or conversation.is_pair or conversation.data_key_id is None or self.drafted_at is not None:
            return None
        return self.watch.waiting(draft, conversation, digest=self._digest(draft, conversation))

    def _digest(self, draft: Draft, conversation: Standing) -> bytes:
        key = self.desk.key(conversation)
        return bodies.digest(draft.kind, draft.target, draft.text, draft.media, key=key, conversation_id=conversation.id)

    def _new(self, draft: Draft) -> Sent | Waiting:
        conversation, seat = self.desk.admit(draft, now=self.now)
        if draft.body is not None and not (draft.media and draft.body == ""):  # a photo may go without words
            bodies.ensure_body(draft.body)
        target = self._target(draft, seat)
        seen = self.watch.look(draft, conversation)
        if seen is not None and seen.holds and draft.body is not None and self.drafted_at is None:
            return self.watch.hold(draft, conversation, seen, digest=self._digest(draft, conversation))
        item = self.desk.take_item(draft, now=self.now)
        meeting = self._decided(draft, conversation, seat)
        row = self._row(draft, conversation, seat, item, meeting)
        if target is not None:
            self._apply(row, target, draft, conversation)
        self._remember(row)
        if seen is not None and self.drafted_at is None:
            self.watch.note(row, seen)
        media = UNSET if item is None else self._media(item, conversation)
        appended = self._appended(row, draft, media, UNSET if meeting is None else meeting)
        return Sent(draft, row.seq, self.now, appended, None if seen is None else seen.help)

    def _decided(self, draft: Draft, conversation: Standing, seat: Seat) -> frames.Meeting | None:
        """What becomes of a meeting; a failure there is no reason to refuse the others of the batch."""
        if draft.meet is None:
            return None
        try:
            with transaction.atomic():
                return planner().decide(draft.meet, conversation=conversation, seat=seat, key=self.desk.key(conversation), now=self.now)
        except (DomainError, DatabaseError):  # a database that fails, fails the whole batch
            raise
        except Exception as problem:
            log.exception("meeting_not_decided problem=%s", type(problem).__name__)
            raise TryAgain(retry_after=30) from None

    def _target(self, draft: Draft, seat: Seat) -> Entry | None:
        if draft.kind in {"message", "meeting"}:
            return None
        target = self.desk.targets.get((draft.conversation_id, draft.target or 0))
        policy.ensure_may_change(target, seat)
        assert target is not None  # the policy refused the rest
        if draft.kind == "edit":
            policy.ensure_not_hidden(target)
            policy.ensure_still_editable(target, now=self.drafted_at or self.now)
        return target

    def _row(self, draft: Draft, conversation: Standing, seat: Seat, item: Item | None, meeting: frames.Meeting | None) -> Row:
        entry_id = new_id()
        sealed = None
        if meeting is not None:
            sealed = bodies.seal_meeting(meeting, key=self.desk.key(conversation), conversation_id=conversation.id, place_id=entry_id)
        if draft.body:
            sealed = self._seal(draft.body, conversation, entry_id=entry_id, sender_id=draft.person_id)
        return Row(
            id=entry_id,
            conversation_id=conversation.id,
            seq=self.desk.next_seq(conversation),
            kind=draft.kind,
            author_number=seat.number,
            sender_id=draft.person_id,
            draft_id=draft.draft_id,
            draft_digest=self._digest(draft, conversation),
            at=self.now,
            body_sealed=sealed,
            target_seq=draft.target,
            media_id=None if item is None else item.id,
        )

    def _seal(self, body: str, conversation: Standing, *, entry_id: UUID, sender_id: UUID) -> bytes:
        key = self.desk.key(conversation)
        return bodies.seal_body(body, key=key, conversation_id=conversation.id, entry_id=entry_id, sender_id=sender_id)

    def _apply(self, row: Row, target: Entry, draft: Draft, conversation: Standing) -> None:
        """Bring the target up to date, so that the newest body is read in one place and older ones are gone."""
        if draft.body is not None:
            target.body_sealed = self._seal(draft.body, conversation, entry_id=target.id, sender_id=draft.person_id)
            target.edited_seq = row.seq
        else:
            target.body_sealed = None
            target.draft_digest = None
            target.retracted_seq = row.seq
            self._take_back_media(target)
        self.changed_targets[target.id] = target

    def _take_back_media(self, target: Entry) -> None:
        if target.media_id is not None:
            self.forgotten.append(target.media_id)
            target.media_id = None

    def _media(self, item: Item, conversation: Standing) -> frames.Media:
        return bodies.media_of(item, key=self.desk.key(conversation))

    def _remember(self, row: Row) -> None:
        """Later drafts of this batch may repeat this one, or change what it made."""
        self.rows.append(row)
        self.taken[row.sender_id, row.draft_id] = row
        if self.desk.wants_target(row.conversation_id, row.seq):
            self.desk.targets[row.conversation_id, row.seq] = Entry(**row._asdict())

    def _appended(self, row: Row, draft: Draft, media: frames.Media | UnsetType, meeting: frames.Meeting | UnsetType) -> Appended:
        said = frames.Entry(
            seq=row.seq,
            kind=draft.kind,
            author=row.author_number,
            at=self.now,
            body=draft.body or UNSET,
            target=UNSET if draft.target is None else draft.target,
            media=media,
            meeting=meeting,
        )
        audience = self.desk.audience(row.conversation_id, row.sender_id, None if meeting is UNSET else meeting)
        return Appended(row.conversation_id, said, audience, sender_id=row.sender_id, draft_id=row.draft_id)

    def write(self) -> None:
        if self.rows:
            statements.insert(self.rows)
            statements.raise_last_seqs(list(self.desk.last_seqs.items()))
            self._write_targets()
            self._write_items()
            facts.record(EntriesAppended(tuple(Line(row.conversation_id, row.seq, row.kind, row.sender_id) for row in self.rows)))
        self.watch.keep()

    def _write_targets(self) -> None:
        for target in self.changed_targets.values():
            Entry.objects.filter(id=target.id).update(
                body_sealed=target.body_sealed,
                draft_digest=target.draft_digest,
                edited_seq=target.edited_seq,
                retracted_seq=target.retracted_seq,
                media_id=target.media_id,
            )
            newest = 0 if target.retracted_seq else target.edited_seq or 0
            edits = Entry.objects.filter(conversation_id=target.conversation_id, kind=EntryKind.EDIT, target_seq=target.seq)
            edits.exclude(seq=newest).update(body_sealed=None, draft_digest=None)

    def _write_items(self) -> None:
        if sent := [row.media_id for row in self.rows if row.media_id is not None]:
            items.mark_sent(sent)
        if self.forgotten:
            items.forget(self.forgotten)
