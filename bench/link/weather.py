"""What a network does to packets: delay, jitter, loss, a rate and blackouts. Pure; seconds and bytes."""

import random
from dataclasses import dataclass

BUFFER = 8.0  # seconds of traffic that a mobile network keeps before it drops


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of network, the same both ways. `dark` seconds of nothing follow each `light` seconds."""

    rate: float  # bytes a second
    delay: float  # one way
    jitter: float = 0.0
    loss: float = 0.0  # share of packets
    light: float = 0.0
    dark: float = 0.0

    def is_dark(self, at: float) -> bool:
        """Whether nothing passes, `at` seconds after the first light began."""
        return self.dark > 0 and at % (self.light + self.dark) >= self.light


PROFILES = {
    "clear": Profile(rate=1_000_000, delay=0.02),  # loses nothing: the exact bytes
    "2g": Profile(rate=35_000 / 8, delay=0.4, jitter=0.02, loss=0.02),
    "bad": Profile(rate=35_000 / 8, delay=0.4, jitter=0.1, loss=0.10, light=60, dark=30),
}


class Lane:
    """One direction of one phone's link: a queue in front of a narrow pipe."""

    def __init__(self, profile: Profile, *, seed: str, phase: float = 0.0) -> None:
        self._profile = profile
        self._chance = random.Random(seed)
        self._phase = phase
        self._free_at = 0.0
        self._last_out = 0.0

    def take(self, size: int, now: float) -> float | None:
        """When a packet that goes in `now` comes out; None when it is lost. Packets never overtake each other.

        One that is lost on the air took its turn in the pipe; one that finds the buffer full did not.
        """
        profile = self._profile
        start = max(now, self._free_at)
        if start - now > BUFFER:
            return None
        self._free_at = start + size / profile.rate
        is_lost = self._chance.random() < profile.loss
        jitter = self._chance.uniform(0, profile.jitter)
        if is_lost or profile.is_dark(self._phase + start):
            return None
        self._last_out = max(self._last_out, self._free_at + profile.delay + jitter)
        return self._last_out
