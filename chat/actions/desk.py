"""Everything that one batch of drafts needs to know, read in five queries however many drafts there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from accounts.models import Block
from chat.drafts import Draft, Recipient
from chat.models import Conversation, ConversationMember, Entry


@dataclass(slots=True)
class Desk:
    """The locked conversations of a batch with their members, earlier entries of the same drafts, blocks and targets."""

    conversations: dict[UUID, Conversation]
    members: dict[UUID, dict[UUID, ConversationMember]]
    earlier: dict[tuple[UUID, UUID], Entry]
    blocks: set[tuple[UUID, UUID]]
    targets: dict[tuple[UUID, int], Entry]
    keys: dict[UUID, bytes] = field(default_factory=dict)

    @classmethod
    def load(cls, drafts: Sequence[Draft]) -> "Desk":
        """Lock and read; must run inside a transaction."""
        conversations = {
            row.id: row
            for row in Conversation.objects.locked().select_related("data_key").filter(id__in={d.conversation_id for d in drafts})
        }
        members = _members(conversations)
        return cls(
            conversations=conversations,
            members=members,
            earlier={_draft(e): e for e in Entry.objects.from_drafts((d.person_id, d.draft_id) for d in drafts)},
            blocks=_blocks({d.person_id for d in drafts}),
            targets=_targets(drafts),
        )

    def key(self, conversation: Conversation) -> bytes:
        """The conversation's data key, unwrapped once a batch."""
        if conversation.id not in self.keys:
            assert conversation.data_key is not None  # the policy refused an erased conversation
            self.keys[conversation.id] = conversation.data_key.unwrap()
        return self.keys[conversation.id]

    def is_blocked(self, conversation_id: UUID, person_id: UUID) -> bool:
        """Whether anybody present blocked this person, or the other way round."""
        if not self.blocks:
            return False
        others = self.members.get(conversation_id, {})
        return any((person_id, other) in self.blocks or (other, person_id) in self.blocks for other in others)

    def audience(self, conversation_id: UUID, sender_id: UUID | None) -> list[Recipient]:
        """Those present who may see an entry of this sender, as of this transaction."""
        return [
            Recipient(member.person_id, member.person.access_version, (member.person_id, sender_id) in self.blocks)
            for member in self.members.get(conversation_id, {}).values()
            if member.person.suspended_at is None
        ]


def _draft(entry: Entry) -> tuple[UUID, UUID]:
    assert entry.sender_id is not None and entry.draft_id is not None  # they were looked up by both
    return entry.sender_id, entry.draft_id


def _members(conversations: dict[UUID, Conversation]) -> dict[UUID, dict[UUID, ConversationMember]]:
    members: dict[UUID, dict[UUID, ConversationMember]] = defaultdict(dict)
    rows = (
        ConversationMember.objects.present()
        .select_related("person")
        .only("conversation_id", "person_id", "number", "joined_seq", "left_seq", "person__access_version", "person__suspended_at")
        .filter(conversation_id__in=conversations)
    )
    for row in rows:
        members[row.conversation_id][row.person_id] = row
    return members


def _blocks(senders: set[UUID]) -> set[tuple[UUID, UUID]]:
    either_way = Q(blocked_id__in=senders) | Q(blocker_id__in=senders)
    return set(Block.objects.filter(either_way).values_list("blocker_id", "blocked_id"))


def _targets(drafts: Sequence[Draft]) -> dict[tuple[UUID, int], Entry]:
    wanted = Q()
    for draft in drafts:
        if draft.target is not None:
            wanted |= Q(conversation_id=draft.conversation_id, seq=draft.target)
    return {(e.conversation_id, e.seq): e for e in Entry.objects.filter(wanted)} if wanted else {}
