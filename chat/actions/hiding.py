"""A moderator hides what somebody said, and gives it back: as lines of the log, so that every device hears of both."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat import bodies
from chat.actions.notes import append_note
from chat.errors import ConversationNotFound, EntryNotFound
from chat.facts import MeetingHidden, MeetingRestored
from chat.frames import Meeting
from chat.models import Conversation, Entry, EntryKind, EntryQuerySet
from core import facts
from privacy.errors import CannotOpen

HIDEABLE = (EntryKind.MESSAGE, EntryKind.MEETING)


def hide(conversation_id: UUID, seq: int, *, now: datetime) -> Entry | None:
    """Take a line out of everybody's sight; its words stay sealed, for `restore`. An edit stands for what it changed.

    Gives the line that says so; none when it is hidden already, or was taken back. Of a meeting, every line that says the same
    place goes too. Who decided it and why is the caller's to record: in the log the organisation did it.

    :raises ConversationNotFound: :raises EntryNotFound: no such line, or one that carries nothing.
    """
    with transaction.atomic():
        conversation = _locked(conversation_id)
        target = _target(conversation, seq)
        if target.hidden_seq is not None or target.retracted_seq is not None:
            return None
        line = _take_away(conversation, target, now=now)
        if target.kind == EntryKind.MEETING:
            for other in _with_its_place(conversation, target).filter(hidden_seq=None):
                _take_away(conversation, other, now=now)
            facts.record(MeetingHidden(conversation.id, target.seq))
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
        line = _give_back(conversation, target, now=now)
        if target.kind == EntryKind.MEETING:
            for other in _with_its_place(conversation, target).filter(hidden_seq__isnull=False):
                _give_back(conversation, other, now=now)
            facts.record(MeetingRestored(conversation.id, target.seq))
    return line


def _take_away(conversation: Conversation, target: Entry, *, now: datetime) -> Entry:
    line = append_note(conversation, kind=EntryKind.HIDE, target_seq=target.seq, now=now)
    Entry.objects.filter(id=target.id).update(hidden_seq=line.seq)
    _edits(target).update(body_sealed=None, draft_digest=None)  # the newest words stand on the target
    return line


def _give_back(conversation: Conversation, target: Entry, *, now: datetime) -> Entry:
    line = append_note(conversation, kind=EntryKind.RESTORE, target_seq=target.seq, now=now)
    Entry.objects.filter(id=target.id).update(hidden_seq=None)
    return line


def _with_its_place(conversation: Conversation, target: Entry) -> EntryQuerySet:
    """The other lines about the same meeting that say the same place, before it too: the only free words that a meeting has."""
    key = conversation.data_key.unwrap() if conversation.data_key is not None else None
    said = meeting_in(target, key)
    if said is None or not said.place:
        return Entry.objects.none()
    others = Entry.objects.filter(conversation=conversation, kind=EntryKind.MEETING).exclude(id=target.id).order_by("seq")
    looks = ((entry.id, meeting_in(entry, key)) for entry in others)
    same = [id_ for id_, other in looks if other is not None and (other.number, other.place) == (said.number, said.place)]
    return Entry.objects.filter(id__in=same).order_by("seq")


def meeting_in(entry: Entry, key: bytes | None) -> Meeting | None:
    """How a meeting looked in a line, hidden or not; none when that can no longer be read."""
    if key is None or entry.body_sealed is None:
        return None
    try:
        return bodies.open_meeting(bytes(entry.body_sealed), key=key, conversation_id=entry.conversation_id, place_id=entry.id)
    except CannotOpen:
        return None


def _locked(conversation_id: UUID) -> Conversation:
    conversation = Conversation.objects.locked().select_related("data_key").filter(id=conversation_id).first()
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
