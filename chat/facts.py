"""What happened in conversations. Identifiers only; never a body."""

from dataclasses import dataclass
from uuid import UUID

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class Line:
    """One appended entry, by its identifiers."""

    conversation_id: UUID
    seq: int
    kind: str
    sender_id: UUID | None


@dataclass(frozen=True, slots=True)
class EntriesAppended(Fact):
    """Lines were added to logs; one fact for all that one transaction added."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class MemberLeft(Fact):
    """Somebody is no longer in a conversation; `number` is what they were called there."""

    conversation_id: UUID
    person_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class ConversationChanged(Fact):
    """Something of the card changed: state, members, closing time; `person_ids` are those who should hear of it."""

    conversation_id: UUID
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MeetingHidden(Fact):
    """What a line says about a meeting was hidden; the conversation is locked."""

    conversation_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class MeetingRestored(Fact):
    conversation_id: UUID
    seq: int
