"""How far each log goes for a person, and where a device that comes back has to start."""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chat import frames
from chat.models import ConversationMember
from chat.reading.cards import cards
from core.models import Log

FIRST_SIGHT = 20  # entries that a device gets of a conversation it has never seen


@dataclass(frozen=True, slots=True)
class Follow:
    """One conversation of a person: where a new device starts, how far the log goes, and the state of its card.

    `stamp` is 16 bits that change with the card; `slot` is what this person's devices call the conversation, `number`
    what the conversation calls this person.
    """

    conversation_id: UUID
    slot: int
    number: int
    first_seq: int
    head: int
    stamp: int
    given: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Start:
    """What a device gets when it resumes."""

    epoch: UUID
    resync: bool
    follows: list[Follow]
    cards: list[frames.Card]


def epoch() -> UUID:
    """The name of this log's life; it changes when a backup is restored."""
    return Log.objects.values_list("epoch", flat=True).get(id=1)


def follows(person_id: UUID) -> list[Follow]:
    return follows_of([person_id]).get(person_id, [])


def follows_of(person_ids: Sequence[UUID]) -> dict[UUID, list[Follow]]:
    """How far the logs of many people go, in one query."""
    columns = (
        "person_id", "conversation_id", "slot", "number", "joined_seq", "left_seq", "conversation__last_seq",
        "delivered_seq", "muted_until", "conversation__card_version",
    )  # fmt: skip
    rows = ConversationMember.objects.filter(person_id__in=person_ids).order_by("number").values_list(*columns)
    newest: dict[UUID, dict[UUID, Follow]] = defaultdict(dict)
    for person_id, conversation_id, slot, number, joined, left, last, delivered, *state in rows:
        head = last if left is None else min(last, left)
        newest[person_id][conversation_id] = Follow(
            conversation_id=conversation_id,
            slot=slot,
            number=number,
            first_seq=joined,
            head=head,
            stamp=_stamp(joined, left, *(state if left is None else ())),
            given=max(joined - 1, head - FIRST_SIGHT),
            delivered=delivered,
        )
    return {person_id: list(found.values()) for person_id, found in newest.items()}


def _stamp(*facts: object) -> int:
    """The same in every process and for good: devices keep it."""
    return zlib.crc32(repr(facts).encode()) & 0xFFFF


def start(person_id: UUID, command: frames.Resume, *, now: datetime) -> Start:
    """Where this device starts: after its cursors, or afresh when they belong to another epoch or lie beyond the log."""
    now_epoch = epoch()
    mine = follows(person_id)
    heads = {follow.conversation_id: follow.head for follow in mine}
    is_other = bool(command.cursors) and command.epoch != now_epoch
    is_beyond = any(seq > heads[id_] for id_, seq in command.cursors.items() if id_ in heads)
    resync = is_other or is_beyond
    cursors = {} if resync else command.cursors
    started = [_after(follow, cursors.get(follow.conversation_id)) for follow in mine]
    only = None if command.cards or resync else [id_ for id_ in heads if id_ not in cursors]
    return Start(now_epoch, resync, started, cards(person_id, now=now, only=only))


def _after(follow: Follow, cursor: int | None) -> Follow:
    if cursor is None:
        return follow
    return replace(follow, given=max(cursor, follow.first_seq - 1))
