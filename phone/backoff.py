"""How long to wait before the next try. No I/O."""

import random
from collections.abc import Callable

BASE = 1.0
CAP = 120.0


class Backoff:
    """Full jitter: anything up to a bound that doubles, on top of what the server asked for."""

    def __init__(self, *, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._tries = 0

    def next(self, *, floor: float = 0) -> float:
        """Seconds to wait now."""
        bound = min(CAP, BASE * 2.0 ** min(self._tries, 10))
        self._tries += 1
        return floor + self._chance() * bound

    def reset(self) -> None:
        """It worked."""
        self._tries = 0
