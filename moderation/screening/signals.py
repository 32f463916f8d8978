"""What the screening says of a text."""

from typing import NamedTuple


class Signal(NamedTuple):
    """`klass` as in `moderation.words.SignalClass`; `severity` 1 low … 4 immediate danger; `reason` the stable code of the rule.

    `source`: "nl 3", language and version of the list; "detector".
    """

    klass: str
    severity: int
    reason: str
    source: str


def worst(signals: list[Signal]) -> tuple[Signal, ...]:
    """One for each class and reason, the most severe first."""
    if len(signals) > 1:
        signals = sorted(signals, key=lambda signal: (-signal.severity, signal.klass, signal.reason))
    kept: dict[tuple[str, str], Signal] = {}
    for signal in signals:
        kept.setdefault((signal.klass, signal.reason), signal)
    return tuple(kept.values())
