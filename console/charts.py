"""Charts as numbers: where each bar begins and how long it is. The page draws them, and says the same in a table."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, BAR, LABEL = 380, 32, 20, 132  # units of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `part` of it is of another colour (late, say); `label` stands before it, `said` behind it."""

    label: str
    said: str
    y: int
    width: int
    part: int

    @property
    def text_y(self) -> int:
        return self.y + BAR - 5

    @property
    def end(self) -> int:
        return LABEL + self.width + 8


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    height: int
    width: int = WIDTH
    begins: int = LABEL
    thick: int = BAR


def bars(rows: Sequence[tuple[str, int, int]]) -> Chart:
    """Of (label, how many, how many of these are late). The longest fills the drawing; nothing is a line of nothing."""
    most = max((count for _, count, _ in rows), default=0)
    room = WIDTH - LABEL - 88  # for what is said behind the longest
    made = []
    for number, (label, count, late) in enumerate(rows):
        width = round(room * count / most) if most else 0
        part = round(width * late / count) if count else 0
        said = str(count) if not late else f"{count}, {late} te laat"
        made.append(Bar(label, said, number * ROW + (ROW - BAR) // 2, width, part))
    return Chart(made, height=max(1, len(rows)) * ROW)
