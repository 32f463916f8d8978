"""What this process may know for a few seconds without asking the database again."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_REMEMBERED = 20_000


class BriefMemory(Generic[Key, Value]):
    """Values by key, each for `seconds` after it was put; the oldest go when there are too many. Any thread may ask."""

    def __init__(self, *, seconds: float, most: int = MOST_REMEMBERED, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """What was put there, if that is not too long ago."""
        with self._lock:
            at, value = self._kept.get(key, (float("-inf"), None))
        return value if self._clock() - at < self._seconds else None

    def put(self, key: Key, value: Value) -> None:
        with self._lock:
            self._kept[key] = (self._clock(), value)
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
