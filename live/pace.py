"""How fast one device, person or address may ask; counted in this process."""

import threading
import time
from collections import OrderedDict

from live.token_bucket import TokenBucket

MOST_REMEMBERED = 20_000


class Pace:
    """A token bucket per key; the keys unused for longest are forgotten. Any thread may call it."""

    def __init__(self, *, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, *, cost: float = 1) -> int:
        """0, or the whole seconds to wait."""
        at = time.monotonic()
        with self._lock:
            return self._bucket(key, at).take(at, cost)

    def owe(self, key: str, *, cost: float) -> None:
        """What was spent before its cost was known."""
        at = time.monotonic()
        with self._lock:
            self._bucket(key, at).owe(at, cost)

    def _bucket(self, key: str, at: float) -> TokenBucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(rate=self._rate, burst=self._burst, at=at)
            if len(self._buckets) > MOST_REMEMBERED:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket
