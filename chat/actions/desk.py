"""Everything that one batch of drafts needs to know, read in four to six queries however many drafts there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from chat import policy
from chat.actions import statements
from chat.actions.statements import Earlier, Pair, Seat, Standing
from chat.drafts import Draft, Recipient
from chat.frames import Meeting
from chat.models import Entry
from core.errors import TryAgain
from media.errors import MediaNotFound
from media.models import Item
from privacy.keyring import keyring


@dataclass(slots=True)
class Desk:
    """The locked conversations of a batch with their members, earlier entries of the same drafts, blocks, targets and photos."""

    conversations: dict[UUID, Standing]
    seats: dict[UUID, dict[UUID, Seat]]
    earlier: dict[Pair, Earlier]
    blocks: set[Pair]
    targets: dict[tuple[UUID, int], Entry]
    wanted: frozenset[tuple[UUID, int]]
    items: dict[Pair, Item]
    last_seqs: dict[UUID, int] = field(default_factory=dict)
    keys: dict[UUID, bytes] = field(default_factory=dict)

    @classmethod
    def load(cls, drafts: Sequence[Draft]) -> "Desk":
        """Lock and read; must run inside a transaction."""
        conversations = {row.id: row for row in statements.lock({draft.conversation_id for draft in drafts})}
        seats: dict[UUID, dict[UUID, Seat]] = defaultdict(dict)
        for seat in statements.seats(conversations):
            seats[seat.conversation_id][seat.person_id] = seat
        wanted = frozenset((draft.conversation_id, draft.target) for draft in drafts if draft.target is not None)
        return cls(
            conversations=conversations,
            seats=seats,
            earlier={(e.sender_id, e.draft_id): e for e in statements.earlier([(d.person_id, d.draft_id) for d in drafts])},
            blocks=statements.blocks({draft.person_id for draft in drafts}),
            targets=_targets(wanted),
            wanted=wanted,
            items=_items([(draft.person_id, draft.media) for draft in drafts if draft.media is not None]),
        )

    def ensure_access(self, draft: Draft) -> None:
        """Whoever was let in before something of their access was withdrawn, is let in anew before anything more is written.

        :raises TryAgain: it was; perhaps this very device was signed out.
        """
        seat = self.seats.get(draft.conversation_id, {}).get(draft.person_id)
        if seat is not None and not seat.is_suspended and draft.access_version not in {None, seat.access_version}:
            raise TryAgain(retry_after=1)

    def admit(self, draft: Draft, *, now: datetime) -> tuple[Standing, Seat]:
        """Where a draft goes and who sends it.

        :raises DomainError: its sender may not write there now.
        """
        conversation = self.conversations.get(draft.conversation_id)
        seat = self.seats.get(draft.conversation_id, {}).get(draft.person_id)
        is_blocked = self.is_blocked(draft.conversation_id, draft.person_id)
        policy.ensure_may_write(conversation, seat, is_blocked=is_blocked, now=now)
        assert conversation is not None and seat is not None  # the policy refused the rest
        return conversation, seat

    def take_item(self, draft: Draft, *, now: datetime) -> Item | None:
        """The photo or voice note of a draft, which no later draft can take.

        :raises MediaNotFound: its sender uploaded no such thing here, or sent it before.
        """
        if draft.media is None:
            return None
        item = self.items.get((draft.person_id, draft.media))
        if item is None or not item.is_sendable(conversation_id=draft.conversation_id, now=now):
            raise MediaNotFound
        item.unsent_since = None
        return item

    def key(self, conversation: Standing) -> bytes:
        """The conversation's data key, unwrapped once a batch."""
        key = self.keys.get(conversation.id)
        if key is None:
            key_id, kek_id, wrapped = conversation.data_key_id, conversation.kek_id, conversation.wrapped
            assert key_id is not None and kek_id is not None and wrapped is not None  # the policy refused an erased one
            key = self.keys[conversation.id] = keyring().unwrap(kek_id, bytes(wrapped), aad=key_id.bytes)
        return key

    def next_seq(self, conversation: Standing) -> int:
        """Take the next seq of a locked conversation."""
        seq = self.last_seqs.get(conversation.id, conversation.last_seq) + 1
        self.last_seqs[conversation.id] = seq
        return seq

    def wants_target(self, conversation_id: UUID, seq: int) -> bool:
        """Whether a draft of this batch changes what another of its drafts makes."""
        return (conversation_id, seq) in self.wanted

    def is_blocked(self, conversation_id: UUID, person_id: UUID) -> bool:
        """Whether anybody present blocked this person, or the other way round."""
        if not self.blocks:
            return False
        others = self.seats.get(conversation_id, {})
        return any((person_id, other) in self.blocks or (other, person_id) in self.blocks for other in others)

    def languages(self, conversation_id: UUID, person_id: UUID) -> list[str]:
        """Those that are spoken here, the person's own first."""
        seats = self.seats.get(conversation_id, {})
        own = [seats[person_id].language] if person_id in seats else []
        return list(dict.fromkeys(own + [seat.language for seat in seats.values()]))

    def audience(self, conversation_id: UUID, sender_id: UUID, meeting: Meeting | None = None) -> list[Recipient]:
        """Those present who may see an entry of this sender, as of this transaction."""
        seats = self.seats.get(conversation_id, {}).values()
        proposer = next((seat.person_id for seat in seats if meeting and seat.number == meeting.proposer), sender_id)
        blockers = statements.blocks({proposer}) if meeting and not self.conversations[conversation_id].is_pair else self.blocks

        def conceals(seat: Seat) -> bool:
            if meeting and not policy.may_see_meeting(meeting, seat, blocked_proposer=(seat.person_id, proposer) in blockers):
                return True
            return bool(self.blocks) and (seat.person_id, sender_id) in self.blocks

        return [Recipient(seat.person_id, seat.access_version, conceals(seat)) for seat in seats if not seat.is_suspended]


def _items(uploads: Sequence[Pair]) -> dict[Pair, Item]:
    return {(item.owner_id, item.upload_id): item for item in Item.objects.uploaded_as(*uploads).locked()} if uploads else {}


def _targets(wanted: frozenset[tuple[UUID, int]]) -> dict[tuple[UUID, int], Entry]:
    places = Q()
    for conversation_id, seq in wanted:
        places |= Q(conversation_id=conversation_id, seq=seq)
    return {(entry.conversation_id, entry.seq): entry for entry in Entry.objects.filter(places)} if places else {}
