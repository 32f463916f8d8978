"""Lines of the log that no device sent: who came and went, what was closed, hidden and given back, meetings that the organisation ended."""

from datetime import datetime

from chat import bodies, frames
from chat.facts import EntriesAppended, Line
from chat.models import Conversation, Entry, EntryKind
from core import facts


def append_note(
    conversation: Conversation,
    *,
    kind: EntryKind,
    now: datetime,
    author_number: int = 0,
    subject_number: int | None = None,
    target_seq: int | None = None,
) -> Entry:
    """Append a line that carries no text (join, leave, close, hide, restore) to a conversation locked by the caller."""
    conversation.last_seq += 1
    entry = Entry.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        kind=kind,
        author_number=author_number,
        subject_number=subject_number,
        target_seq=target_seq,
        at=now,
    )
    conversation.save(update_fields=["last_seq"])
    facts.record(EntriesAppended((Line(conversation.id, entry.seq, kind, None),)))
    return entry


def append_meeting(conversation: Conversation, meeting: frames.Meeting, *, now: datetime) -> Entry | None:
    """Append what the organisation did with a meeting to a conversation locked by the caller; nothing once it is erased."""
    if conversation.data_key is None:
        return None
    entry = append_note(conversation, kind=EntryKind.MEETING, now=now)
    entry.body_sealed = bodies.seal_meeting(meeting, key=conversation.data_key.unwrap(), conversation_id=conversation.id, place_id=entry.id)
    entry.save(update_fields=["body_sealed"])
    return entry
