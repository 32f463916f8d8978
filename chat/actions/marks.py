"""How far people got: delivered and read marks, which only ever rise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chat import frames
from chat.drafts import Recipient
from chat.errors import ConversationNotFound
from chat.models import ConversationMember
from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Progress:
    """A person's device stored everything up to `delivered`, and the person saw everything up to `read`."""

    person_id: UUID
    conversation_id: UUID
    delivered: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Risen:
    """Marks of one conversation that rose, with those who may hear of them."""

    conversation_id: UUID
    marks: list[frames.Mark]
    kept: frozenset[int]  # numbers of members who keep their read mark to themselves
    persons: dict[int, UUID]
    audience: list[Recipient]


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of one progress: its refusal, or nothing. `risen` comes once a batch, with the first outcome."""

    problem: DomainError | None = None
    risen: tuple[Risen, ...] = ()


def raise_marks(*, steps: Sequence[Progress], now: datetime) -> list[Marked]:
    """Raise many people's marks in one transaction; one outcome per step, in order.

    A mark beyond the end of what the person may see is taken as the end; a lower one changes nothing.
    """
    del now  # marks carry no time, on purpose: when somebody reads is their own business
    wanted: dict[tuple[UUID, UUID], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for step in steps:
        delivered, read = wanted[step.conversation_id, step.person_id]
        wanted[step.conversation_id, step.person_id] = (max(delivered, step.delivered, step.read), max(read, step.read))
    with transaction.atomic():
        found = {(m.conversation_id, m.person_id): m for m in _locked(wanted)}
        changed = [m for place, m in found.items() if _rise(m, *wanted[place])]
        ConversationMember.objects.bulk_update(changed, ["delivered_seq", "read_seq"])
        risen = _risen(changed)
    refused = [None if (s.conversation_id, s.person_id) in found else ConversationNotFound() for s in steps]
    return [Marked(problem, risen if index == 0 else ()) for index, problem in enumerate(refused)]


def _locked(wanted: dict[tuple[UUID, UUID], tuple[int, int]]) -> list[ConversationMember]:
    places = Q()
    for conversation_id, person_id in wanted:
        places |= Q(conversation_id=conversation_id, person_id=person_id)
    rows = ConversationMember.objects.present().filter(places).select_related("conversation", "person").order_by("id")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _rise(member: ConversationMember, delivered: int, read: int) -> bool:
    last = member.conversation.last_seq
    before = (member.delivered_seq, member.read_seq)
    member.delivered_seq = max(member.delivered_seq, min(delivered, last))
    member.read_seq = max(member.read_seq, min(read, last))
    return (member.delivered_seq, member.read_seq) != before


def _risen(changed: list[ConversationMember]) -> tuple[Risen, ...]:
    by_conversation: dict[UUID, list[ConversationMember]] = defaultdict(list)
    for member in changed:
        by_conversation[member.conversation_id].append(member)
    audience: dict[UUID, list[Recipient]] = defaultdict(list)
    present = ConversationMember.objects.present().filter(conversation_id__in=by_conversation, person__suspended_at=None)
    for conversation_id, person_id, version in present.values_list("conversation_id", "person_id", "person__access_version"):
        audience[conversation_id].append(Recipient(person_id, version))
    return tuple(
        Risen(
            conversation_id=conversation_id,
            marks=[frames.Mark(m.number, m.delivered_seq, m.read_seq) for m in members],
            kept=frozenset(m.number for m in members if not m.person.shows_read_marks),
            persons={m.number: m.person_id for m in members},
            audience=audience[conversation_id],
        )
        for conversation_id, members in by_conversation.items()
    )
