"""What the screening says of a text."""

from chat.screening import Signal

__all__ = ["Signal", "worst"]

_FIRST = {klass: place for place, klass in enumerate(("crisis", "threat", "sexual", "hate", "money", "contact"))}  # of those as severe


def worst(signals: list[Signal]) -> tuple[Signal, ...]:
    """One for each class and reason, the most severe first; of two as severe, what helps its writer most."""
    if len(signals) < 2:
        return tuple(signals)
    signals = sorted(signals, key=lambda signal: (-signal.severity, _FIRST[signal.klass], signal.reason))
    kept: dict[tuple[str, str], Signal] = {}
    for signal in signals:
        kept.setdefault((signal.klass, signal.reason), signal)
    return tuple(kept.values())
