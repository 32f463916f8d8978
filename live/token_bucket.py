"""How fast one device may speak, over its socket or over HTTP."""

from math import ceil


class TokenBucket:
    """`burst` tokens at most, `rate` new ones a second; times are monotonic seconds, given by the caller."""

    __slots__ = ("_at", "_left", "burst", "rate")

    def __init__(self, *, rate: float, burst: int, at: float) -> None:
        self.rate = rate
        self.burst = burst
        self._left = float(burst)
        self._at = at

    def take(self, at: float, cost: float = 1) -> int:
        """Take `cost` tokens: 0 when they were there, else the whole seconds to wait."""
        self._left = min(self.burst, self._left + (at - self._at) * self.rate)
        self._at = at
        if self._left >= cost:
            self._left -= cost
            return 0
        return max(1, ceil((cost - self._left) / self.rate))

    def owe(self, at: float, cost: float) -> None:
        """Take `cost` tokens that are spent already, below none if need be; but never more than a full bucket below."""
        self.take(at, 0)
        self._left = max(-float(self.burst), self._left - cost)
