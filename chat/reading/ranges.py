"""Entries that another process committed, with everybody who may see them, in a handful of queries a batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from msgspec import UNSET, structs

from accounts.models import Block
from chat import frames, policy
from chat.drafts import Appended, Recipient
from chat.models import Concealment, Conversation, ConversationMember, Entry
from chat.reading.pages import items_of, render_one
from chat.reading.restored import restored

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
    given_back = restored(rows)
    blocks = set(Block.objects.filter(blocked_id__in={row.sender_id for row in rows}).values_list("blocker_id", "blocked_id"))
    found = items_of([*rows, *given_back.values()])
    news = []
    for row in rows:
        key, present = keys.get(row.conversation_id), [seat for seat in seats[row.conversation_id] if row.seq >= seat.joined_seq]
        source = given_back.get(row.id)
        if source is None:
            entry = render_one(row, key=key, person_id=None, conceals=False, item=found.get(row.id))
            blockers = {blocker for blocker, blocked in blocks if blocked == row.sender_id}
            news.append(_appended(row, entry, present, blockers))
        else:
            entry = render_one(row, key=key, person_id=None, conceals=False, item=found.get(source.id), source=source)
            news += _given_back(row, entry, source, present)
    return news


def _seats(conversation_ids: set[UUID]) -> dict[UUID, list[ConversationMember]]:
    found: dict[UUID, list[ConversationMember]] = defaultdict(list)
    rows = ConversationMember.objects.present().filter(conversation_id__in=conversation_ids, person__suspended_at=None)
    for seat in rows.select_related("person", "conversation"):
        found[seat.conversation_id].append(seat)
    return found


def _appended(row: Entry, entry: frames.Entry, seats: list[ConversationMember], blockers: set[UUID]) -> Appended:
    hidden = _who_blocked_its_proposer(entry, seats)
    audience = [
        Recipient(seat.person_id, seat.person.access_version, seat.person_id in blockers or seat.number in hidden) for seat in seats
    ]
    return Appended(row.conversation_id, entry, audience, sender_id=row.sender_id, draft_id=row.draft_id)


def _given_back(row: Entry, entry: frames.Entry, source: Entry, seats: list[ConversationMember]) -> list[Appended]:
    """A line that gives another back: with its words for those who could read them, without for who came later."""
    knew = [seat for seat in seats if source.seq >= seat.joined_seq]
    later = [seat for seat in seats if source.seq < seat.joined_seq]
    bare = structs.replace(entry, body=UNSET, media=UNSET, meeting=UNSET)
    blockers = {seat.person_id for seat in knew if _conceals(seat, source)}
    return [_appended(row, entry, knew, blockers), *([_appended(row, bare, later, set())] if later else [])]


def _conceals(seat: ConversationMember, source: Entry) -> bool:
    """Whether this person blocked whoever said that, before it was said or changed. A pair conceals nothing."""
    if seat.conversation.is_pair or source.sender_id is None:
        return False
    if not Block.objects.filter(blocker_id=seat.person_id, blocked_id=source.sender_id).exists():
        return False
    begins = Concealment.objects.filter(conversation_id=seat.conversation_id, blocker_id=seat.person_id, blocked_id=source.sender_id)
    from_seq = begins.values_list("from_seq", flat=True).first() or 0  # whom they met here after the block is hidden altogether
    return max(source.seq, source.edited_seq or 0) >= from_seq


def _who_blocked_its_proposer(entry: frames.Entry, seats: list[ConversationMember]) -> set[int]:
    """The numbers of those who may not see this meeting: in a group, whoever blocked the one who asks."""
    meeting = entry.meeting
    if not isinstance(meeting, frames.Meeting) or any(seat.conversation.is_pair for seat in seats):
        return set()
    proposers = [seat.person_id for seat in seats if seat.number == meeting.proposer]
    blockers = set(Block.objects.filter(blocked_id__in=proposers).values_list("blocker_id", flat=True))
    return {seat.number for seat in seats if not policy.may_see_meeting(meeting, seat, blocked_proposer=seat.person_id in blockers)}
