"""Where a lite device starts: its cursor says what it has, so that only what changed crosses the wire."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from msgspec import UNSET, structs

from chat import frames
from chat.cursors import Cursor, Place
from chat.models import Entry
from chat.reading.cards import cards
from chat.reading.follows import Follow, epoch, follows

LOOKED_BACK = 200  # entries; who wrote more than that in a row is told of the rest


@dataclass(frozen=True, slots=True)
class Opened:
    """`life` is what the device's places belong to; `is_afresh`: what it said it has does not count.

    `cards` and `marks` are what it must be told, `known` the marks that it has already, by conversation.
    """

    epoch: UUID
    life: int
    is_afresh: bool
    follows: list[Follow]
    cards: list[frames.Card]
    marks: list[frames.Marks]
    known: dict[UUID, list[frames.Mark]]


def opened(person_id: UUID, device_id: UUID, cursor: Cursor | None, *, now: datetime) -> Opened:
    """Compare a cursor with the log. One of another life, or beyond the log, counts for nothing."""
    log = epoch()
    life = life_of(log, device_id)
    mine = follows(person_id)
    places = cursor.places if cursor and cursor.life == life else None
    if places is not None and any(places[f.slot].seq > f.head for f in mine if f.slot in places):
        places = None
    all_cards = {card.id: card for card in cards(person_id, now=now)}
    found = Opened(log, life, places is None, [_from(follow, places) for follow in mine], [], [], {})
    for follow in mine:
        card = all_cards.get(follow.conversation_id)
        place = places.get(follow.slot) if places else None
        if card is None:  # somebody was brought in between two statements: the sweep tells
            continue
        if place is None or place.stamp != follow.stamp:
            found.cards.append(card)
        else:
            _compare_marks(found, card, place)
    return found


def _from(follow: Follow, places: dict[int, Place] | None) -> Follow:
    if places is None or follow.slot not in places:
        return follow
    return replace(follow, given=max(places[follow.slot].seq, follow.first_seq - 1))


def _compare_marks(found: Opened, card: frames.Card, place: Place) -> None:
    """Tell the marks of a card whose sum differs, as stored and with what both sides conclude from who wrote what."""
    marks = [frames.Mark(m.number, m.delivered_seq, m.read_seq) for m in card.members]
    if sum_of_marks(marks, you=card.you) != place.marks:
        marks = _with_own_words(marks, card.id, until=place.seq)
        if sum_of_marks(marks, you=card.you) != place.marks:
            found.marks.append(frames.Marks(card.id, [mark for mark in marks if _says_something(mark, you=card.you)]))
            return
    found.known[card.id] = marks


def life_of(epoch: UUID, device_id: UUID) -> int:
    """32 bits that name one device's part of one life of the log."""
    return zlib.crc32(epoch.bytes + device_id.bytes)


def sum_of_marks(marks: Iterable[frames.Mark], *, you: int) -> int:
    """What both sides can count up: equal sums are equal marks, because marks only rise.

    A device knows best how far it got itself, so its own delivered mark is left out.
    """
    total = 0
    for mark in marks:
        total += mark.read_seq if isinstance(mark.read_seq, int) else 0
        total += mark.delivered_seq if mark.number != you else 0
    return total % 65_536


def _says_something(mark: frames.Mark, *, you: int) -> bool:
    return mark.read_seq not in {0, UNSET} or (mark.number != you and mark.delivered_seq > 0)


def _with_own_words(marks: list[frames.Mark], conversation_id: UUID, *, until: int) -> list[frames.Mark]:
    """Who had everything before a line of their own has that too, in the log as far as the device has it."""
    after = min(mark.delivered_seq for mark in marks)
    rows = Entry.objects.filter(conversation_id=conversation_id, seq__gt=max(after, until - LOOKED_BACK), seq__lte=until)
    delivered = {mark.number: mark.delivered_seq for mark in marks}
    for seq, author in rows.order_by("seq").values_list("seq", "author_number"):
        if delivered.get(author) == seq - 1:
            delivered[author] = seq
    return [structs.replace(mark, delivered_seq=delivered[mark.number]) for mark in marks]
