"""Words of somebody in a row of a case: sealed under the key of that case, and bound to their place."""

from typing import Protocol
from uuid import UUID

from privacy import envelope
from privacy.fields import open_field, seal_field
from privacy.models import DataKey


class Keyed(Protocol):
    """Whatever holds the key: a case, or an escalation."""

    @property
    def data_key(self) -> DataKey | None: ...


def seal_words(holder: Keyed, words: str, *, table: str, column: str, row_id: UUID) -> bytes | None:
    """Nothing for no words. The holder has its key before anything is sealed."""
    if not words:
        return None
    if holder.data_key is None:
        raise RuntimeError("Its key was erased: nothing can be written there any more.")
    return seal_field(holder.data_key.unwrap(), words, table=table, column=column, row_id=row_id)


def open_words(holder: Keyed, sealed: bytes | memoryview | None, *, table: str, column: str, row_id: UUID) -> str:
    """Empty where nothing was written, or the key is erased. :raises CannotOpen:"""
    if not sealed or holder.data_key is None:
        return ""
    return open_field(holder.data_key.unwrap(), bytes(sealed), table=table, column=column, row_id=row_id)


def seal_bytes(holder: Keyed, data: bytes, *, table: str, column: str, row_id: UUID) -> bytes:
    """As `seal_words`, for a photo or a voice note."""
    if holder.data_key is None:
        raise RuntimeError("Its key was erased: nothing can be kept there any more.")
    return envelope.seal(holder.data_key.unwrap(), data, aad=_place(table, column, row_id))


def open_bytes(holder: Keyed, sealed: bytes | memoryview | None, *, table: str, column: str, row_id: UUID) -> bytes:
    """As `open_words`. :raises CannotOpen:"""
    if not sealed or holder.data_key is None:
        return b""
    return envelope.open_sealed(holder.data_key.unwrap(), bytes(sealed), aad=_place(table, column, row_id))


def _place(table: str, column: str, row_id: UUID) -> bytes:
    return f"bytes {table}.{column}|".encode() + row_id.bytes
