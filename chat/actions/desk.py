"""Everything that one batch of drafts needs to know, read in four or five queries however many drafts there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from chat.actions import statements
from chat.actions.statements import Earlier, Pair, Seat, Standing
from chat.drafts import Draft, Recipient
from chat.models import Entry
from privacy.keyring import keyring


@dataclass(slots=True)
class Desk:
    """The locked conversations of a batch with their members, earlier entries of the same drafts, blocks and targets."""

    conversations: dict[UUID, Standing]
    seats: dict[UUID, dict[UUID, Seat]]
    earlier: dict[Pair, Earlier]
    blocks: set[Pair]
    targets: dict[tuple[UUID, int], Entry]
    wanted: frozenset[tuple[UUID, int]]
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
        )

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

    def audience(self, conversation_id: UUID, sender_id: UUID) -> list[Recipient]:
        """Those present who may see an entry of this sender, as of this transaction."""
        return [
            Recipient(seat.person_id, seat.access_version, bool(self.blocks) and (seat.person_id, sender_id) in self.blocks)
            for seat in self.seats.get(conversation_id, {}).values()
            if not seat.is_suspended
        ]


def _targets(wanted: frozenset[tuple[UUID, int]]) -> dict[tuple[UUID, int], Entry]:
    places = Q()
    for conversation_id, seq in wanted:
        places |= Q(conversation_id=conversation_id, seq=seq)
    return {(entry.conversation_id, entry.seq): entry for entry in Entry.objects.filter(places)} if places else {}
