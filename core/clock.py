"""The present instant. Only edges ask for it; everything else is given `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
