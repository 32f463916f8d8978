"""Whether a channel may be used now: one that calls for an operator rests, and is then tried with a single letter."""

from collections.abc import Collection

from notifications.sending import Failed, Fate, Gone, Retry, Sent

FIRST_REST, LONGEST_REST = 60.0, 600.0  # seconds
FAILURES_IN_A_ROW = 3  # that call for an operator; one letter alone can be odd


class Circuit:
    """Closed while letters go. The other channels know nothing of it."""

    def __init__(self) -> None:
        self._rest = 0.0  # of the last time; 0 while all is well
        self._until = 0.0
        self._failures = 0

    @property
    def is_well(self) -> bool:
        """Whether nothing has called for an operator since the last letter that went."""
        return not self._rest

    def seconds_left(self, *, at: float) -> float:
        """How long to leave it alone."""
        return max(0.0, self._until - at)

    def heard(self, fates: Collection[Fate], *, at: float) -> None:
        """Learn from the fates of one batch."""
        if any(isinstance(fate, Sent | Gone) for fate in fates):  # somebody there took letters, or knew an address
            self._rest = self._until = 0.0
            self._failures = 0
            return
        self._failures += sum(isinstance(fate, Failed) and fate.alarms for fate in fates)
        calls = self._failures >= FAILURES_IN_A_ROW or any(isinstance(fate, Retry) and fate.alarms for fate in fates)
        if calls and at >= self._until:  # batches that were under way together count once
            self._rest = min(LONGEST_REST, self._rest * 2) or FIRST_REST
            self._until = at + self._rest
