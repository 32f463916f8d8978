"""Words of somebody in a row of a case: sealed under the key of that case, and bound to their place."""

from typing import Protocol
from uuid import UUID

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
