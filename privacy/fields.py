"""Seal one value of one row, bound to its table, column and row so that it cannot be moved elsewhere."""

from uuid import UUID

from privacy import envelope


def seal_field(key: bytes, value: str, *, table: str, column: str, row_id: UUID) -> bytes:
    """Seal a text under the row's unwrapped data key."""
    return envelope.seal(key, value.encode(), aad=_place(table, column, row_id))


def open_field(key: bytes, sealed: bytes, *, table: str, column: str, row_id: UUID) -> str:
    """Give back the text that `seal_field` sealed for this very place. :raises CannotOpen:"""
    return envelope.open_sealed(key, bytes(sealed), aad=_place(table, column, row_id)).decode()


def _place(table: str, column: str, row_id: UUID) -> bytes:
    return f"{table}.{column}|".encode() + row_id.bytes
