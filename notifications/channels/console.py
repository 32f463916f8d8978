"""What would be sent, on a screen: the channel of a first start, which needs nobody else."""

import sys
from collections.abc import Sequence
from typing import TextIO

from notifications.sending import Fate, Letter, Sent


class Console:
    """Says one line a letter, and takes every kind. Of an address it shows the end, enough to tell two of one's own apart."""

    name = "console"
    kinds = frozenset({"fcm_fid", "fcm_token", "webpush", "sms", "email", "console"})

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        """Sent, all of them: there is nothing that can fail but the screen, and that is nobody's notice."""
        stream = self._stream or sys.stdout  # asked for now: whoever captures it came later
        try:
            stream.writelines(f"{_line(letter)}\n" for letter in letters)
            stream.flush()
        except (OSError, ValueError):  # nobody looks any more, or it cannot draw Arabic
            pass
        return [Sent() for _ in letters]

    async def close(self) -> None:
        """Hold nothing."""


def _line(letter: Letter) -> str:
    text = " ".join(letter.text.split())
    where = f" to …{letter.address[-2:]}" if letter.address[-2:].isalnum() and len(letter.address) > 2 else ""
    extra = f" (with a calendar's {letter.method.lower()})" if letter.calendar else ""
    return f'notice  would be sent by {letter.kind}{where}: "{text}"{extra}'
