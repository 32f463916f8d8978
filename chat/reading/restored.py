"""What the lines that give something back carry: the words (and the photo) of the line that was hidden."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from chat.models import Entry, EntryKind


def restored(rows: Sequence[Entry]) -> dict[UUID, Entry]:
    """By the id of each `restore` among these rows: the line it gave back, as it stands now. Asks only when there is one."""
    places = Q()
    for row in rows:
        if row.kind == EntryKind.RESTORE:
            places |= Q(conversation_id=row.conversation_id, seq=row.target_seq)
    if not places:
        return {}
    found = {(entry.conversation_id, entry.seq): entry for entry in Entry.objects.filter(places)}
    lines = ((row.id, found.get((row.conversation_id, row.target_seq or 0))) for row in rows if row.kind == EntryKind.RESTORE)
    return {id_: target for id_, target in lines if target is not None}
