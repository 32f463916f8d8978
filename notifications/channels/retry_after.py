"""How long another side asked to be left alone. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 24 * 3600.0  # seconds; whoever asks for more is asked again tomorrow


def seconds_of(header: str | None, now: datetime) -> float | None:
    """The seconds of a Retry-After, given as a number or as a date (RFC 9110 §10.2.3); None for none, or for nonsense."""
    said = (header or "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST)
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)  # `-0000` says that it is UTC without saying where
    return min(max(0.0, (at - now).total_seconds()), LONGEST)
