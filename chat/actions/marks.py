"""How far people got: delivered and read marks, which only ever rise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from chat import frames
from chat.actions import statements
from chat.actions.statements import Marks, Pair
from chat.drafts import Recipient
from chat.errors import ConversationNotFound
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
    only_read: frozenset[int] = frozenset()  # numbers whose read mark rose alone: of these, others hear only when it is not kept


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of one progress: its refusal, or nothing. `risen` comes once a batch, with the first outcome."""

    problem: DomainError | None = None
    risen: tuple[Risen, ...] = ()


def raise_marks(*, steps: Sequence[Progress]) -> list[Marked]:
    """Raise many people's marks in one transaction; one outcome per step, in order.

    A mark beyond the end of what the person may see is taken as the end; a lower one changes nothing. Marks carry no
    time, on purpose: when somebody reads is their own business.
    """
    wanted: dict[Pair, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for step in steps:
        delivered, read = wanted[step.conversation_id, step.person_id]
        wanted[step.conversation_id, step.person_id] = (max(delivered, step.delivered, step.read), max(read, step.read))
    with transaction.atomic():
        found = {(stay.conversation_id, stay.person_id): stay for stay in statements.lock_marks(list(wanted))}
        risen = [raised for place, stay in found.items() if (raised := _raised(stay, *wanted[place])) != stay]
        if risen:
            statements.store_marks(risen)
        told = _told(risen, before={stay.id: stay for stay in found.values()})
    refused = [None if (step.conversation_id, step.person_id) in found else ConversationNotFound() for step in steps]
    return [Marked(problem, told if index == 0 else ()) for index, problem in enumerate(refused)]


def _raised(stay: Marks, delivered: int, read: int) -> Marks:
    return stay._replace(
        delivered_seq=max(stay.delivered_seq, min(delivered, stay.last_seq)), read_seq=max(stay.read_seq, min(read, stay.last_seq))
    )


def _told(risen: list[Marks], *, before: dict[int, Marks]) -> tuple[Risen, ...]:
    """Who hears of which marks, as of this transaction."""
    if not risen:
        return ()
    by_conversation: dict[UUID, list[Marks]] = defaultdict(list)
    for stay in risen:
        by_conversation[stay.conversation_id].append(stay)
    audience: dict[UUID, list[Recipient]] = defaultdict(list)
    for seat in statements.seats(by_conversation):
        if not seat.is_suspended:
            audience[seat.conversation_id].append(Recipient(seat.person_id, seat.access_version))
    return tuple(
        Risen(
            conversation_id=conversation_id,
            marks=[frames.Mark(stay.number, stay.delivered_seq, stay.read_seq) for stay in stays],
            kept=frozenset(stay.number for stay in stays if not stay.shows_read_marks),
            only_read=frozenset(stay.number for stay in stays if stay.delivered_seq == before[stay.id].delivered_seq),
            persons={stay.number: stay.person_id for stay in stays},
            audience=audience[conversation_id],
        )
        for conversation_id, stays in by_conversation.items()
    )
