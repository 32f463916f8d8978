"""What a browser does with a push message: open it (RFC 8188, RFC 8291). Written from the RFCs, apart from what sends."""

import base64
import hmac
import struct
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def opened(body: bytes, *, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The plain text of one message. :raises cryptography.exceptions.InvalidTag: :raises ValueError:"""
    salt, (size, id_length) = body[:16], struct.unpack("!LB", body[16:21])
    theirs, sealed = body[21 : 21 + id_length], body[21 + id_length :]
    if id_length != 65 or len(sealed) > size:
        raise ValueError("Web Push is one record, and the key that it was made with comes before it (RFC 8291 §4).")
    secret = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    start = _hkdf(auth, secret, b"WebPush: info\0" + point(private.public_key()) + theirs, 32)
    key = _hkdf(salt, start, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, start, b"Content-Encoding: nonce\0", 12)
    plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
    if not plain.endswith(b"\2"):
        raise ValueError("The last record ends with 2 (RFC 8188 §2).")
    return plain[:-1]


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with one block (RFC 5869); nothing here is longer than 32 bytes."""
    return hmac.digest(hmac.digest(salt, secret, sha256), info + b"\1", sha256)[:length]
