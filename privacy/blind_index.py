"""Find a sealed value without opening it: the same value gives the same index, and only with our key."""

import hashlib
import hmac

from privacy.keyring import keyring


def blind_index(purpose: str, value: str) -> bytes:
    """Index `value` for one purpose, such as "phone": 32 bytes; another purpose gives other bytes.

    The value must already be in its one spelling (a phone number in E.164, a code in capitals).
    """
    key = hmac.digest(keyring().material.index, purpose.encode(), hashlib.sha256)
    return hmac.digest(key, value.encode(), hashlib.sha256)
