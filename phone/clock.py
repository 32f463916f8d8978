"""The phone's clock, read at its edge."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the phone imports nothing of the server, its clock neither
