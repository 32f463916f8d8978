"""Seal and open: AES-256-GCM (NIST SP 800-38D), bound to the place where the sealed bytes belong. Pure."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.errors import CannotOpen

VERSION = b"\x01"
NONCE_BYTES = 12
OVERHEAD = len(VERSION) + NONCE_BYTES + 16


def seal(key: bytes, plaintext: bytes, *, aad: bytes) -> bytes:
    """Seal under a 32-byte key: version byte, random nonce, ciphertext with its tag."""
    return seal_with(AESGCM(key), plaintext, aad=aad)


def open_sealed(key: bytes, sealed: bytes, *, aad: bytes) -> bytes:
    """Give back exactly what was sealed with this key and this `aad`.

    :raises CannotOpen: whatever the cause; the message never says more than that.
    """
    return open_with(AESGCM(key), sealed, aad=aad)


def seal_with(cipher: AESGCM, plaintext: bytes, *, aad: bytes) -> bytes:
    """As `seal`, for one who seals much under one key."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, plaintext, VERSION + aad)


def open_with(cipher: AESGCM, sealed: bytes, *, aad: bytes) -> bytes:
    """As `open_sealed`, for one who opens much under one key. :raises CannotOpen:"""
    if len(sealed) < OVERHEAD or sealed[:1] != VERSION:
        raise CannotOpen("The seal does not open.")
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], VERSION + aad)
    except InvalidTag:
        raise CannotOpen("The seal does not open.") from None
