"""Entries that another process committed, with everybody who may see them, in a handful of queries a batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.models import Block
from chat import frames
from chat.drafts import Appended, Recipient
from chat.models import Conversation, ConversationMember, Entry
from chat.reading.pages import items_of, render_one
from media.models import Item

MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class Range:
    """Lines `first` to `last` of one log."""

    conversation_id: UUID
    first: int
    last: int


def appended(ranges: Sequence[Range]) -> list[Appended]:
    """The entries of these ranges, in seq order within each log, and who may see them as of now."""
    places = Q()
    for range_ in ranges:
        places |= Q(conversation_id=range_.conversation_id, seq__gte=range_.first, seq__lte=range_.last)
    ids = {range_.conversation_id for range_ in ranges}
    rows = list(Entry.objects.filter(places).order_by("conversation_id", "seq")[:MOST_ENTRIES])
    keys = {
        conversation.id: conversation.data_key.unwrap()
        for conversation in Conversation.objects.select_related("data_key").filter(id__in=ids)
        if conversation.data_key is not None
    }
    present = _present(ids)
    blocks = set(Block.objects.filter(blocked_id__in={row.sender_id for row in rows}).values_list("blocker_id", "blocked_id"))
    found = items_of(rows)
    return [_appended(row, keys.get(row.conversation_id), present[row.conversation_id], blocks, item=found.get(row.id)) for row in rows]


def _present(conversation_ids: set[UUID]) -> dict[UUID, list[tuple[UUID, int, int]]]:
    found: dict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    rows = ConversationMember.objects.present().filter(conversation_id__in=conversation_ids, person__suspended_at=None)
    for conversation_id, person_id, version, joined in rows.values_list(
        "conversation_id", "person_id", "person__access_version", "joined_seq"
    ):
        found[conversation_id].append((person_id, version, joined))
    return found


def _appended(
    row: Entry, key: bytes | None, present: list[tuple[UUID, int, int]], blocks: set[tuple[UUID, UUID]], *, item: Item | None
) -> Appended:
    entry: frames.Entry = render_one(row, key=key, person_id=None, conceals=False, item=item)
    audience = [
        Recipient(person_id, version, (person_id, row.sender_id) in blocks) for person_id, version, joined in present if row.seq >= joined
    ]
    return Appended(row.conversation_id, entry, audience, sender_id=row.sender_id, draft_id=row.draft_id)
