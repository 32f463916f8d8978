"""Text of others, made safe for a terminal."""

import re

# C0 and C1 controls but tab and new line: an escape sequence in a message must not steer the reader's terminal.
# The bidi overrides and isolates too: they turn around what stands beside them.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]")


def printable(text: str) -> str:
    return _STEERING.sub("", text.replace("\r\n", "\n")).replace("\t", "    ")


def on_one_line(text: str) -> str:
    return " ".join(printable(text).split())


def opening(text: str, *, longest: int = 30) -> str:
    """Enough of a text to know which one it is."""
    words = on_one_line(text)
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"
