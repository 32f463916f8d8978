"""Push services, each for itself: one that refuses our letters rests, while those of the others go.

A service that takes others' letters and refuses one address says something about that address: its browser subscribed with
another key than ours. Only what was taken since the address was last refused proves that, so on the day when our key or our
clock is wrong, and nothing is taken, no address is forgotten.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from notifications.channels.circuit import Circuit
from notifications.sending import Failed, Fate, Gone, Letter, Retry, Sent

LATELY = 3600.0  # seconds
REFUSALS = 3
MOST = 10_000  # addresses that are remembered as refused; beyond that the oldest begins anew
MOST_SERVICES = 1000  # regions can be invented
REFUSED = frozenset({"http_401", "http_403"})


class Service:
    """What is known of one push service."""

    def __init__(self) -> None:
        self.circuit = Circuit()
        self._taken_at = float("-inf")
        self._last = "http_403"  # the code that it was last refused with
        self._refused: dict[str, tuple[int, float]] = {}  # by address: how often while others were taken, and when last

    def free(self, letters: Sequence[Letter], *, at: float) -> list[Letter]:
        """Those that may go now: all, one to try with, or none."""
        if self.circuit.is_well:
            return list(letters)
        if self.circuit.seconds_left(at=at):
            return []
        return sorted(letters, key=lambda letter: letter.address in self._refused)[:1]  # one that it never refused, if there is one

    def judged(self, letters: Sequence[Letter], answers: Mapping[UUID, Fate], *, at: float) -> dict[UUID, Fate]:
        """The fate of each letter: what was answered, where an address alone is to blame for it without calling an operator.

        One that was not let go comes back later, and says what the others were told, so that nobody blames its address.
        """
        sent = [letter for letter in letters if letter.id in answers]
        if any(isinstance(answers[letter.id], Sent) for letter in sent):
            self._taken_at = at
        self.circuit.heard([answers[letter.id] for letter in sent], at=at, letters=sent)
        held = Retry(self._last, max(1.0, self.circuit.seconds_left(at=at)), alarms=True)
        return {letter.id: self._judged(letter.address, answers[letter.id], at) if letter.id in answers else held for letter in letters}

    def _judged(self, address: str, fate: Fate, at: float) -> Fate:
        takes_others = at - self._taken_at <= LATELY and self.circuit.is_well
        match fate:
            case Retry(code, after, alarms=True) if code in REFUSED:
                self._last = code
                if self._times_refused(address, at) >= REFUSALS:
                    del self._refused[address]
                    return Gone("vapid_mismatch")
                return Retry(code, after, alarms=not takes_others)
            case Failed(code, alarms=True) if takes_others:
                return Failed(code)
            case Sent() | Gone():
                self._refused.pop(address, None)
        return fate

    def _times_refused(self, address: str, at: float) -> int:
        times, last = self._refused.pop(address, (0, at - LATELY))
        if self._taken_at > last:
            times += 1
        self._refused[address] = (times, at)  # at the end: the one that was refused longest ago goes first
        if len(self._refused) > MOST:
            del self._refused[next(iter(self._refused))]
        return times


class Services:
    """All of them, by origin."""

    def __init__(self) -> None:
        self._known: dict[str, Service] = {}

    def of(self, origin: str) -> Service:
        if origin not in self._known and len(self._known) >= MOST_SERVICES:
            del self._known[next(iter(self._known))]
        return self._known.setdefault(origin, Service())
