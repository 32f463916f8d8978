"""Seal small secrets of other libraries, such as the seed of a second factor, for columns that only take text."""

import base64
import binascii
import hashlib
import hmac

from privacy import envelope
from privacy.errors import CannotOpen
from privacy.keyring import keyring


def seal_secret(text: str, *, purpose: str) -> str:
    """Seal under a key that is derived from the index key for one purpose; the result is base64."""
    return base64.b64encode(envelope.seal(_key(purpose), text.encode(), aad=purpose.encode())).decode()


def open_secret(sealed: str, *, purpose: str) -> str:
    """Give back what `seal_secret` sealed for this purpose. :raises CannotOpen:"""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise CannotOpen("The seal does not open.") from None
    return envelope.open_sealed(_key(purpose), raw, aad=purpose.encode()).decode()


def _key(purpose: str) -> bytes:
    """One key for each purpose. The index key is never rotated, so what is sealed here need not be sealed again."""
    return hmac.digest(keyring().material.index, b"secret|" + purpose.encode(), hashlib.sha256)
