"""The chain, pure: what is hashed, and where a log stops telling the truth.

The hash covers the row's number, so a row cannot move; its salt, so that a hash that is published somewhere
cannot be guessed back into who did what; and the hash before it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

BEFORE_THE_FIRST = bytes(32)


class Row(Protocol):
    """What the chain needs to know of a row."""

    n: Any
    at: Any
    actor_id: Any
    action: Any
    subject: Any
    detail: Any
    salt: Any
    prev_hash: Any
    hash: Any


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that is not what was written, and how it shows."""

    n: int
    why: str


def canonical(value: Any) -> bytes:
    """JSON in its one spelling, as RFC 8785 has it for texts, whole numbers, truth and null.

    Fractions are refused: their one spelling differs between languages.
    """
    _ensure_plain(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def _ensure_plain(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("A detail's keys are texts.")
            _ensure_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _ensure_plain(inner)
    elif isinstance(value, float) or not isinstance(value, str | int | None):
        raise TypeError(f"A detail holds texts, whole numbers, truth and null, not {type(value).__name__}.")


def hash_of(*, n: int, at: datetime, actor_id: UUID | None, action: str, subject: str, detail: Any, salt: bytes, prev_hash: bytes) -> bytes:
    """The SHA-256 that goes into the row and into the next one."""
    row = {
        "n": n,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": str(actor_id) if actor_id else None,
        "action": action,
        "subject": subject,
        "detail": detail,
        "salt": salt.hex(),
        "prev_hash": prev_hash.hex(),
    }
    return hashlib.sha256(canonical(row)).digest()


def hash_of_row(row: Row) -> bytes:
    """What the hash of this row should be."""
    return hash_of(
        n=row.n, at=row.at, actor_id=row.actor_id, action=row.action, subject=row.subject, detail=row.detail,
        salt=bytes(row.salt), prev_hash=bytes(row.prev_hash),
    )  # fmt: skip
