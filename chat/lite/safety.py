"""Why, how soon and which card, as their place in a list. Pure."""

from typing import Any, get_args

from chat import frames
from chat.lite.meetings import word

REASONS: tuple[str, ...] = get_args(frames.FlagReason)
URGENCIES: tuple[str, ...] = get_args(frames.Urgency)
HELPS: tuple[str, ...] = get_args(frames.Help)


def read(name: str, value: Any) -> Any:
    """One field of `flag` or `escalate` as its struct wants it. :raises MalformedFrame:"""
    match name:
        case "reason":
            return word(REASONS, value, of="a reason")
        case "urgency":
            return word(URGENCIES, value, of="an urgency")
    return value
