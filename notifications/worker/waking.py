"""A nudge for the workers of this process when notices were written. The others look by themselves, once a second."""

from collections.abc import Callable

from core.facts import heard_live
from notifications.facts import NoticesWritten

_listeners: list[Callable[[], None]] = []


def wake() -> None:
    """There may be something to tell; from any thread."""
    for listener in tuple(_listeners):
        listener()


@heard_live(NoticesWritten)
def _notices_written(_: NoticesWritten) -> None:
    wake()


def listen(listener: Callable[[], None]) -> None:
    _listeners.append(listener)


def stop_listening(listener: Callable[[], None]) -> None:
    if listener in _listeners:
        _listeners.remove(listener)
