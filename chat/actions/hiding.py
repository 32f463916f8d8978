"""A moderator hides what somebody said, and gives it back: as lines of the log, so that every device hears of both."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat.actions.entries import append_note
from chat.errors import ConversationNotFound, EntryNotFound
from chat.models import Conversation, Entry, EntryKind, EntryQuerySet

HIDEABLE = (EntryKind.MESSAGE, EntryKind.MEETING)


def hide(conversation_id: UUID, seq: int, *, now: datetime) -> Entry | None:
    """Take a line out of everybody's sight; its words stay sealed, for `restore`. An edit stands for what it changed.

    Gives the line that says so; none when it is hidden already, or was taken back. Who decided it and why is the caller's to
    record: in the log the organisation did it.

    :raises ConversationNotFound: :raises EntryNotFound: no such line, or one that carries nothing.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        target = _target(conversation, seq)
        if target.hidden_seq is not None or target.retracted_seq is not None:
            return None
        line = append_note(conversation, kind=EntryKind.HIDE, target_seq=target.seq, now=now)
        Entry.objects.filter(id=target.id).update(hidden_seq=line.seq)
        _edits(target).update(body_sealed=None, draft_digest=None)  # the newest words stand on the target
    return line


def restore(conversation_id: UUID, seq: int, *, now: datetime) -> Entry | None:
    """Give a hidden line back to all who could read it, as it was; none when it is not hidden.

    :raises ConversationNotFound: :raises EntryNotFound:
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        target = _target(conversation, seq)
        if target.hidden_seq is None:
            return None
        line = append_note(conversation, kind=EntryKind.RESTORE, target_seq=target.seq, now=now)
        Entry.objects.filter(id=target.id).update(hidden_seq=None)
    return line


def _locked(conversation_id: UUID) -> Conversation:
    conversation = Conversation.objects.locked().filter(id=conversation_id).first()
    if conversation is None:
        raise ConversationNotFound
    return conversation


def _target(conversation: Conversation, seq: int) -> Entry:
    found = Entry.objects.filter(conversation=conversation, seq=seq).first()
    if found is not None and found.kind == EntryKind.EDIT and found.target_seq is not None:
        found = Entry.objects.filter(conversation=conversation, seq=found.target_seq).first()
    if found is None or found.kind not in HIDEABLE:
        raise EntryNotFound
    return found


def _edits(target: Entry) -> EntryQuerySet:
    return Entry.objects.filter(conversation_id=target.conversation_id, kind=EntryKind.EDIT, target_seq=target.seq)
