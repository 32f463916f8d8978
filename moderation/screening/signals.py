"""What the screening says of a text."""

from chat.screening import Signal

__all__ = ["Signal", "worst"]


def worst(signals: list[Signal]) -> tuple[Signal, ...]:
    """One for each class and reason, the most severe first."""
    if len(signals) < 2:
        return tuple(signals)
    signals = sorted(signals, key=lambda signal: (-signal.severity, signal.klass, signal.reason))
    kept: dict[tuple[str, str], Signal] = {}
    for signal in signals:
        kept.setdefault((signal.klass, signal.reason), signal)
    return tuple(kept.values())
