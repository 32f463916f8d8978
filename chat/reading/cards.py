"""Cards: what a device shows of a conversation in its list."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from chat import frames, policy
from chat.models import ConversationMember
from chat.reading.stays import last_visible, stays

LONGEST_NAME = 80  # bytes on the wire, so that a card of a full group fits one frame
MOST_MEMBERS = 60  # those present, then the most recent who left


def cards(person_id: UUID, *, now: datetime, only: Iterable[UUID] | None = None) -> list[frames.Card]:
    """The cards of this person's conversations, or of some of them, in the order they were made."""
    wanted = None if only is None else set(only)
    if wanted is not None and not wanted:
        return []
    mine = [member for member in stays(person_id) if wanted is None or member.conversation_id in wanted]
    ids = [member.conversation_id for member in mine]
    everyone: dict[UUID, list[ConversationMember]] = defaultdict(list)
    rows = ConversationMember.objects.filter(conversation_id__in=ids).select_related("person__data_key").order_by("number")
    for row in rows:
        everyone[row.conversation_id].append(row)
    return [_card(member, everyone[member.conversation_id], now) for member in mine]


def _card(me: ConversationMember, everyone: list[ConversationMember], now: datetime) -> frames.Card:
    conversation = me.conversation
    return frames.Card(
        id=conversation.id,
        kind=conversation.circle.kind,
        state="closed" if me.left_seq is not None else policy.state_of(conversation, now=now),
        you=me.number,
        first_seq=me.joined_seq,
        last_seq=last_visible(me),
        members=[_member(row, me) for row in _shown(everyone) if me.left_seq is None or row.joined_seq <= me.left_seq],
        closes_at=(conversation.closes_at or UNSET) if me.left_seq is None else UNSET,
        muted_until=me.muted_until or UNSET,
        left=me.left_seq is not None,
        read_seq=me.read_seq,
    )


def _until(me: ConversationMember) -> int:
    """How far this stay goes: somebody who left learns nothing of who came, left or read later."""
    return me.conversation.last_seq if me.left_seq is None else me.left_seq


def _shown(everyone: list[ConversationMember]) -> list[ConversationMember]:
    """Everybody present, and of those who left the most recent; somebody who came back is shown under both numbers."""
    kept = sorted(everyone, key=lambda row: (row.left_seq is not None, -row.number))[:MOST_MEMBERS]
    return sorted(kept, key=lambda row: row.number)


def _member(row: ConversationMember, me: ConversationMember) -> frames.Member:
    shows = policy.may_see_read_marks_of(shows=row.person.shows_read_marks, is_self=row.person_id == me.person_id)
    return frames.Member(
        number=row.number,
        person=row.person_id,
        name=row.person.name.encode()[:LONGEST_NAME].decode(errors="ignore"),
        role=row.role,
        delivered_seq=min(row.delivered_seq, _until(me)),
        read_seq=min(row.read_seq, _until(me)) if shows else UNSET,
        left=row.left_seq is not None and row.left_seq <= _until(me),
    )
