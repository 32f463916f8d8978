"""A log as it is shown: changes folded into what they change, times in the person's own zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import UNSET

from chat import frames, reading
from web.plain.meetings import Shown, newest, short
from web.plain.reader import Reader

SHOWN_AT_ONCE = 20
_FOLDED = frozenset({"edit", "retract", "hide", "restore"})  # seen in what they change


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown. `note` is the word for a line without text; `mark` how far the newest own message got.

    The newest line of a meeting has its `card`, and an older one its number alone where the newest is on another page.
    """

    seq: int
    who: str
    is_mine: bool
    at: str
    text: str = ""
    note: str = ""
    is_edited: bool = False
    is_mine_to_change: bool = False
    is_theirs: bool = False
    media: frames.Media | None = None
    mark: str = ""
    meeting: int = 0
    card: Shown | None = None

    @property
    def kilobytes(self) -> int:
        """What its photo or voice note costs at least."""
        return kilobytes(self.media.small) if self.media else 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of lines. `older` and `newer` are the seqs to ask from, where there is more; `last` is how far it goes."""

    lines: list[Line]
    older: int | None
    newer: int | None
    last: int


def stretch(reader: Reader, *, before: int | None = None, after: int | None = None) -> Stretch:
    """Twenty lines: the newest, those before a seq, or those after one. :raises ConversationNotFound:"""
    card = reader.card
    if after is not None:
        before = None
    entries, _ = reading.history(reader.person.id, card.id, before=before, after=after, limit=frames.PAGE_LIMIT)
    shown = [entry for entry in entries if entry.kind not in _FOLDED]
    kept = shown[:SHOWN_AT_ONCE] if after is not None else shown[-SHOWN_AT_ONCE:]
    is_cut = len(kept) < len(shown)
    first = kept[0].seq if is_cut and after is None else entries[0].seq if entries else card.first_seq
    last = kept[-1].seq if is_cut and after is not None else entries[-1].seq if entries else card.first_seq - 1
    return Stretch(
        lines=_lines(kept, reader, is_newest=last >= card.last_seq),
        older=first if first > card.first_seq else None,
        newer=last if last < card.last_seq else None,
        last=last,
    )


def kilobytes(size: int) -> int:
    """Never less than it costs."""
    return -(-size // 1_000)


def _lines(entries: Sequence[frames.Entry], reader: Reader, *, is_newest: bool) -> list[Line]:
    card, words = reader.card, reader.words
    names = {member.number: member.name for member in card.members}
    zone = ZoneInfo(reader.person.zone)
    mine = [entry.seq for entry in entries if entry.author == card.you and isinstance(entry.body, str)]
    lines, day = [], reader.now.astimezone(zone).date()
    of_meetings = {entry.meeting.number: entry.seq for entry in entries if isinstance(entry.meeting, frames.Meeting)} if is_newest else {}
    for entry in entries:
        at = entry.at.astimezone(zone)
        lines.append(
            Line(
                seq=entry.seq,
                who=_who(entry, card, names, words),
                is_mine=entry.author == card.you,
                at=f"{at:%H:%M}" if at.date() == day else f"{at.day}/{at.month} {at:%H:%M}",
                text=entry.body if isinstance(entry.body, str) else "",
                **{"note": _note(entry, words), **_meeting(entry, reader, newest_seqs=of_meetings)},
                is_edited=entry.edited_seq is not UNSET and isinstance(entry.body, str),
                is_mine_to_change=is_changeable(entry, card),
                is_theirs=is_theirs(entry, card),
                media=entry.media if isinstance(entry.media, frames.Media) else None,
                mark=_mark(entry.seq, card, words) if mine and entry.seq == mine[-1] else "",
            )
        )
        day = at.date()
    return lines


def _meeting(entry: frames.Entry, reader: Reader, *, newest_seqs: Mapping[int, int]) -> dict[str, Any]:
    """What a line shows of a meeting: all of it when it is the newest of it, else what somebody did."""
    if not isinstance(entry.meeting, frames.Meeting):
        return {}
    number = entry.meeting.number
    if newest_seqs.get(number) == entry.seq:
        return {"meeting": number, "card": newest(reader, entry.meeting), "note": ""}
    return {"meeting": 0 if number in newest_seqs else number, "note": short(reader, entry.meeting)}


def is_changeable(entry: frames.Entry, card: frames.Card) -> bool:
    """Whether this person could still take it back: their own words, where they may still write."""
    is_there = entry.kind == "message" and entry.retracted_seq is UNSET and (isinstance(entry.body, str) or entry.media is not UNSET)
    return is_there and entry.author == card.you and card.state == "open" and not card.left


def is_theirs(entry: frames.Entry, card: frames.Card) -> bool:
    """Whether it is something that somebody else said, which can be reported."""
    return entry.kind in {"message", "meeting"} and entry.author not in {0, card.you} and entry.hidden_seq is UNSET


def _who(entry: frames.Entry, card: frames.Card, names: Mapping[int, str], words: Mapping[str, Any]) -> str:
    number = entry.member if isinstance(entry.member, int) else entry.author
    if number == card.you:
        return str(words["you"])
    return names.get(number, "?") if number else str(words["organisation"])


def _note(entry: frames.Entry, words: Mapping[str, Any]) -> str:
    if entry.kind != "message":
        return str(words["kinds"].get(entry.kind, ""))
    if entry.retracted_seq is not UNSET:
        return str(words["taken_back"])
    if entry.hidden_seq is not UNSET:
        return str(words["safe"]["removed"])
    if entry.concealed:
        return str(words["concealed"])
    return "" if isinstance(entry.body, str) or entry.media is not UNSET else str(words["not_shown"])


def _mark(seq: int, card: frames.Card, words: Mapping[str, Any]) -> str:
    others = [member for member in card.members if member.number != card.you and not member.left]
    if others and all(isinstance(member.read_seq, int) and member.read_seq >= seq for member in others):
        return str(words["read"])
    if others and all(member.delivered_seq >= seq for member in others):
        return str(words["delivered"])
    return str(words["sent"])
