"""Entries that another process committed, with everybody who may see them, in a handful of queries a batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.models import Block
from chat import frames, policy
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
    seats = _seats(ids)
    blocks = set(Block.objects.filter(blocked_id__in={row.sender_id for row in rows}).values_list("blocker_id", "blocked_id"))
    found = items_of(rows)
    return [_appended(row, keys.get(row.conversation_id), seats[row.conversation_id], blocks, item=found.get(row.id)) for row in rows]


def _seats(conversation_ids: set[UUID]) -> dict[UUID, list[ConversationMember]]:
    found: dict[UUID, list[ConversationMember]] = defaultdict(list)
    rows = ConversationMember.objects.present().filter(conversation_id__in=conversation_ids, person__suspended_at=None)
    for seat in rows.select_related("person", "conversation"):
        found[seat.conversation_id].append(seat)
    return found


def _appended(
    row: Entry, key: bytes | None, seats: list[ConversationMember], blocks: set[tuple[UUID, UUID]], *, item: Item | None
) -> Appended:
    entry: frames.Entry = render_one(row, key=key, person_id=None, conceals=False, item=item)
    hidden = _who_blocked_its_proposer(entry, seats)
    audience = [
        Recipient(seat.person_id, seat.person.access_version, (seat.person_id, row.sender_id) in blocks or seat.number in hidden)
        for seat in seats
        if row.seq >= seat.joined_seq
    ]
    return Appended(row.conversation_id, entry, audience, sender_id=row.sender_id, draft_id=row.draft_id)


def _who_blocked_its_proposer(entry: frames.Entry, seats: list[ConversationMember]) -> set[int]:
    """The numbers of those who may not see this meeting: in a group, whoever blocked the one who asks."""
    meeting = entry.meeting
    if not isinstance(meeting, frames.Meeting) or any(seat.conversation.is_pair for seat in seats):
        return set()
    proposers = [seat.person_id for seat in seats if seat.number == meeting.proposer]
    blockers = set(Block.objects.filter(blocked_id__in=proposers).values_list("blocker_id", flat=True))
    return {seat.number for seat in seats if not policy.may_see_meeting(meeting, seat, blocked_proposer=seat.person_id in blockers)}
