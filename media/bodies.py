"""The bytes of an item: how they are sealed to their place, and how a repeated upload is recognised."""

import hashlib
import hmac
from uuid import UUID

from privacy import envelope

PREVIEW = "preview"


def seal(data: bytes, *, key: bytes, conversation_id: UUID, item_id: UUID, form: str) -> bytes:
    """Seal one form of an item so that it opens only in its own place."""
    return envelope.seal(key, data, aad=_place(conversation_id, item_id, form))


def open_sealed(sealed: bytes, *, key: bytes, conversation_id: UUID, item_id: UUID, form: str) -> bytes:
    """:raises CannotOpen: it was changed, moved, or belongs to another key."""
    return envelope.open_sealed(key, sealed, aad=_place(conversation_id, item_id, form))


def form_of(side: int, content_type: str) -> str:
    """The name of a variant among those of its item."""
    return f"{side} {content_type}"


def _place(conversation_id: UUID, item_id: UUID, form: str) -> bytes:
    return b"media\x01" + conversation_id.bytes + item_id.bytes + form.encode()


def digest(data: bytes, *, key: bytes, conversation_id: UUID) -> bytes:
    """Recognise the same upload again without keeping it; worth nothing once the key is erased."""
    return hmac.digest(key, b"media\x01" + conversation_id.bytes + data, hashlib.sha256)[:16]
