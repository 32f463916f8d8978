"""The chain, pure: what is hashed, and where a log stops telling the truth.

The hash covers the row's number, so a row cannot move; its salt, so that a hash that is published somewhere
cannot be guessed back into who did what; and the hash before it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

BEFORE_THE_FIRST = bytes(32)
LARGEST_NUMBER = 2**53 - 1


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
    """JSON in its one spelling (RFC 8785), for ASCII keys, texts, whole numbers, truth and null.

    Fractions are refused, since their one spelling differs between languages; so is what PostgreSQL cannot store.

    :raises TypeError: :raises ValueError:
    """
    _ensure_plain(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()


def _ensure_plain(value: Any) -> None:
    match value:
        case dict():
            for key, inner in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise TypeError("A detail's keys are ASCII texts.")
                _ensure_plain(inner)
        case list():
            for inner in value:
                _ensure_plain(inner)
        case int() if abs(value) > LARGEST_NUMBER:
            raise ValueError("A detail's numbers stay below 2^53.")
        case str() if "\0" in value:
            raise ValueError("A detail's texts hold no NUL.")
        case str() | int() | None:
            pass
        case _:
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


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log reached, and the hash it had there."""

    n: int
    hash: bytes


def first_broken(rows: Iterable[Row], *, head: Head, signed: Mapping[int, bytes]) -> Broken | None:
    """Walk the whole log in order; say where it first differs from what was written, or None.

    The chain alone cannot see that its end is missing or that all of it was made anew: `head` (the locked row) sees the
    first, `signed` (hashes by number, signed earlier and kept outside the database) sees both.
    """
    end = Head(0, BEFORE_THE_FIRST)
    for row in rows:
        if why := _why_broken(row, after=end, signed=signed):
            return Broken(end.n + 1, why)
        end = Head(row.n, bytes(row.hash))
    reached = max([head.n, *signed])
    if reached > end.n:
        return Broken(end.n + 1, f"is missing; the log once reached row {reached}")
    return None if head == end else Broken(end.n, "differs from the head of the log")


def _why_broken(row: Row, *, after: Head, signed: Mapping[int, bytes]) -> str | None:
    if row.n != after.n + 1:
        return "is missing"
    if bytes(row.prev_hash) != after.hash:
        return "does not follow the row before it"
    if bytes(row.hash) != _hash_or_nothing(row):
        return "was changed after it was written"
    if row.n in signed and signed[row.n] != bytes(row.hash):
        return "differs from its signed head: the log up to here was made anew"
    return None


def _hash_or_nothing(row: Row) -> bytes:
    try:
        return hash_of_row(row)
    except (TypeError, ValueError):  # a detail that no writer of ours can have made
        return b""
