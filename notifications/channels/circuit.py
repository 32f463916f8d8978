"""Whether a way out may be used now: one that calls for an operator rests, and is then tried with a single letter.

What a letter says is partly its receiver's doing, who chose where it goes. So nobody's letters alone let anything rest for the others.
"""

from collections.abc import Sequence
from uuid import UUID

from notifications.sending import Fate, Gone, Letter, Sent

FIRST_REST, LONGEST_REST = 60.0, 600.0  # seconds
SEVERAL = 3  # people whose letters call for an operator, while none is taken


class Circuit:
    """Closed while letters go. The other ways know nothing of it."""

    def __init__(self) -> None:
        self._rest = 0.0  # of the last time; 0 while all is well
        self._until = 0.0
        self._refused: set[UUID | str] = set()  # whose letters were, since one was taken, or since it rested

    @property
    def is_well(self) -> bool:
        """Whether nothing rested since the last letter that was taken."""
        return not self._rest

    def seconds_left(self, *, at: float) -> float:
        """How long to leave it alone."""
        return max(0.0, self._until - at)

    def heard(self, fates: Sequence[Fate], *, at: float, letters: Sequence[Letter] = ()) -> None:
        """Learn from the fates of one batch, and of whose letters they are; without these each is somebody else's."""
        if any(isinstance(fate, Sent | Gone) for fate in fates):  # somebody there took letters, or knew an address
            self._rest = self._until = 0.0
            self._refused.clear()
            return
        if at < self._until:  # batches that were under way together count once
            return
        whose = [letter.whose or letter.address for letter in letters] or [f"{at} {place}" for place in range(len(fates))]
        self._refused.update(who for who, fate in zip(whose, fates, strict=True) if not isinstance(fate, Sent) and fate.alarms)
        if len(self._refused) >= SEVERAL:
            self._rest = min(LONGEST_REST, self._rest * 2) or FIRST_REST
            self._until = at + self._rest
            self._refused.clear()
