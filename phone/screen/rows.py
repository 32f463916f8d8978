"""From lines to what stands on the screen: days, names, bubbles and how far each message got. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from phone.calendar import day, hour
from phone.lines import Fate, Line, Side
from phone.words import Words

_SIGNS = {Fate.WAITS: "⏳", Fate.SENT: "✓", Fate.DELIVERED: "✓✓", Fate.READ: "✓✓", Fate.REFUSED: "✗"}
_STYLES = {Fate.WAITS: "$waits", Fate.SENT: "$faint", Fate.DELIVERED: "$faint", Fate.READ: "$read", Fate.REFUSED: "$refused"}
_NAME_STYLES = ("$name-1", "$name-2", "$name-3", "$name-4", "$name-5")


@dataclass(frozen=True, slots=True)
class Row:
    """One widget's worth; two rows with the same key are the same thing, earlier and later."""

    key: str
    classes: str
    content: Content


@dataclass(frozen=True, slots=True)
class Look:
    """How to show: whose words, whose clock, and whether signs are enough."""

    words: Words
    zone: ZoneInfo
    in_words: bool = False


def rows(shown: Sequence[Line], look: Look, *, now: datetime) -> list[Row]:
    """All rows of a conversation; empty when nothing was said."""
    made: list[Row] = []
    newest_read = max((line.seq for line in shown if line.fate is Fate.READ), default=0)
    before: Line | None = None
    for line in shown:
        today = day(line.at, look.zone, look.words, now=now)
        is_new_day = before is None or today != day(before.at, look.zone, look.words, now=now)
        if is_new_day:
            made.append(Row(f"day {today}", "day", Content.styled(f"─── {today} ───", "$faint")))
        starts = is_new_day or before is None or (before.side, before.name) != (line.side, line.name)
        made.append(_row(line, look, starts=starts, says_read=line.seq == newest_read))
        before = line
    return made


def _row(line: Line, look: Look, *, starts: bool, says_read: bool) -> Row:
    if line.side is Side.NOTE:
        return Row(line.key, "note", Content.styled(f"{line.text} · {hour(line.at, look.zone)}", "$faint italic"))
    name = Content.styled(f"{line.name}\n", f"bold {_NAME_STYLES[sum(map(ord, line.name)) % len(_NAME_STYLES)]}")
    text = Content.styled(line.text, "$faint italic") if line.is_gone else Content(line.text)
    shows_name = starts and line.side is Side.THEIRS
    content = Content.assemble(name if shows_name else "", text, "  ", _tail(line, look, says_read=says_read))
    if line.problem:
        content = Content.assemble(content, Content.styled(f"\n{line.problem}", "$refused"))
    return Row(line.key, f"{line.side.value}{' starts' if starts else ''}", content)


def _tail(line: Line, look: Look, *, says_read: bool) -> Content:
    """Time and fate, kept together on one line."""
    edited = f"{look.words.edited} " if line.is_edited and not line.is_gone else ""
    parts = [Content.styled(f"{edited}{hour(line.at, look.zone)}".replace(" ", "\u00a0"), "$faint")]
    if line.fate is not None:
        parts.append(Content.styled(f"\u00a0{_fate(line, line.fate, look, says_read=says_read)}", _STYLES[line.fate]))
    return Content.assemble(*parts)


def _fate(line: Line, fate: Fate, look: Look, *, says_read: bool) -> str:
    words = look.words
    word: str = {
        Fate.WAITS: words.waits, Fate.SENT: words.sent, Fate.DELIVERED: words.delivered, Fate.READ: words.read, Fate.REFUSED: words.refused,
    }[fate]  # fmt: skip
    is_partly_read = fate is not Fate.READ and line.readers > 0
    if is_partly_read:
        word = words.read_by.format(count=line.readers, others=line.others)
    if look.in_words:
        return word.replace(" ", "\u00a0")
    says_word = fate is Fate.REFUSED or is_partly_read or (fate is Fate.READ and says_read)
    return f"{_SIGNS[fate]}{' ' + word if says_word else ''}".replace(" ", "\u00a0")
