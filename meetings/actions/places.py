"""The place of a meeting, which is in somebody's own words, goes and comes back with the lines of the log that say it."""

from collections.abc import Callable
from uuid import UUID

from msgspec import structs

from chat import frames
from chat.actions.hiding import meeting_in
from chat.models import Conversation, Entry
from meetings.models import Meeting
from privacy.errors import CannotOpen

Change = Callable[[frames.Meeting, frames.Meeting], frames.Meeting | None]


def forget(*, conversation_id: UUID, seq: int) -> None:
    """What was hidden in the log stands in no agenda and no calendar either, and no later answer repeats it."""
    _change(conversation_id, seq, lambda now, said: structs.replace(now, place="") if said.place and now.place == said.place else None)


def bring_back(*, conversation_id: UUID, seq: int) -> None:
    """Unless somebody named another place meanwhile."""
    _change(conversation_id, seq, lambda now, said: structs.replace(now, place=said.place) if said.place and not now.place else None)


def _change(conversation_id: UUID, seq: int, change: Change) -> None:
    """In a conversation that the caller locked. It is the same meeting to everybody: nobody has to answer anew."""
    conversation = Conversation.objects.select_related("data_key").get(id=conversation_id)
    entry = Entry.objects.get(conversation_id=conversation_id, seq=seq)
    key = conversation.data_key.unwrap() if conversation.data_key is not None else None
    said = meeting_in(entry, key)
    row = Meeting.objects.filter(conversation_id=conversation_id, number=said.number).first() if said is not None else None
    if key is None or said is None or row is None:
        return
    try:
        changed = change(row.plan(key=key), said)
    except CannotOpen:
        return
    if changed is not None:
        row.take_plan(changed, key=key)
        row.sequence += 1
        row.save()
