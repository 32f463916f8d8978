"""A lane's circuit. Letters to browsers let no lane rest: their channel rests each push service by itself (channels/services.py)."""

from collections.abc import Sequence

from notifications.channels import circuit
from notifications.channels.circuit import FIRST_REST, LONGEST_REST
from notifications.sending import Fate, Letter

__all__ = ["FIRST_REST", "LONGEST_REST", "Circuit"]

BY_SERVICE = frozenset({"webpush"})


class Circuit(circuit.Circuit):
    """One a lane."""

    def heard(self, fates: Sequence[Fate], *, at: float, letters: Sequence[Letter] = ()) -> None:
        if not any(letter.kind in BY_SERVICE for letter in letters):
            super().heard(fates, at=at, letters=letters)
