"""Where a lite device starts: its cursor says what it has, so that only what changed crosses the wire."""

import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from chat import frames
from chat.cursors import Cursor
from chat.reading.cards import cards
from chat.reading.follows import Follow, epoch, follows


@dataclass(frozen=True, slots=True)
class Opened:
    """`life` is what the device's places belong to; `is_afresh`: what it said it has does not count."""

    epoch: UUID
    life: int
    is_afresh: bool
    follows: list[Follow]
    cards: list[frames.Card]
    marks: list[frames.Marks]


def opened(person_id: UUID, device_id: UUID, cursor: Cursor | None, *, now: datetime) -> Opened:
    """Compare a cursor with the log. One of another life, or beyond the log, counts for nothing."""
    log = epoch()
    life = life_of(log, device_id)
    mine = follows(person_id)
    places = cursor.places if cursor and cursor.life == life else None
    if places is not None and any(places[f.slot].seq > f.head for f in mine if f.slot in places):
        places = None
    all_cards = {card.id: card for card in cards(person_id, now=now)}
    told_cards, told_marks = [], []
    for follow in mine:
        card = all_cards.get(follow.conversation_id)
        place = places.get(follow.slot) if places else None
        if card is None:  # somebody was brought in between two statements: the sweep tells
            continue
        if place is None or place.stamp != follow.stamp:
            told_cards.append(card)
        elif place.marks != sum_of_marks(card):
            told_marks.append(_marks(card))
    given = [replace(f, given=max(places[f.slot].seq, f.first_seq - 1)) if places and f.slot in places else f for f in mine]
    return Opened(log, life, places is None, given, told_cards, told_marks)


def life_of(epoch: UUID, device_id: UUID) -> int:
    """32 bits that name one device's part of one life of the log."""
    return zlib.crc32(epoch.bytes + device_id.bytes)


def sum_of_marks(card: frames.Card) -> int:
    """What both sides can count up: equal sums are equal marks, because marks only rise.

    A device knows best how far it got itself, so its own delivered mark is left out.
    """
    total = 0
    for member in card.members:
        total += member.read_seq if isinstance(member.read_seq, int) else 0
        total += member.delivered_seq if member.number != card.you else 0
    return total % 65_536


def _marks(card: frames.Card) -> frames.Marks:
    return frames.Marks(card.id, [frames.Mark(m.number, m.delivered_seq, m.read_seq) for m in card.members if _has_some(m)])


def _has_some(member: frames.Member) -> bool:
    return bool(member.delivered_seq) or member.read_seq not in {0, UNSET}
