"""The key that browsers' push services know this server by (VAPID, RFC 8292), and the points of its curve."""

import base64
import binascii
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from privacy.errors import KeyringError
from privacy.keyring import keyring

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3)
PURPOSE = b"maatje|vapid"  # never another: every subscription that exists is bound to the key that follows from it


@dataclass(frozen=True, slots=True)
class PushKey:
    """`private`: 32 bytes in base64url, as `py_vapid.Vapid.from_raw` takes them. `public`: the page's application server key."""

    private: str = field(repr=False)
    public: str


def push_key() -> PushKey:
    """The key of this installation: MAATJE_VAPID_KEY, or else what follows from the keyring. :raises KeyringError:"""
    given: str = getattr(settings, "MAATJE_VAPID_KEY", "")
    return _described(_given(given) if given.strip() else _derived(keyring().material.index))


def is_point(raw: bytes) -> bool:
    """Whether these are the 65 bytes of an uncompressed point on P-256, as a browser's `p256dh` is."""
    if len(raw) != 65 or raw[0] != 4:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return True


def _derived(index: bytes) -> ec.EllipticCurvePrivateKey:
    """Derive it with 128 bits to spare, so that each key is as likely as any other (FIPS 186-5 §A.2.1)."""
    bits = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=PURPOSE).derive(index)
    return ec.derive_private_key(int.from_bytes(bits, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def _given(text: str) -> ec.EllipticCurvePrivateKey:
    """Read a key as others write it: PEM, or base64url of 32 bytes or of DER."""
    text = text.replace("\\n", "\n").strip()  # a PEM on one line, as environment files hold it
    try:
        if text.startswith("-----BEGIN"):
            key = serialization.load_pem_private_key(text.encode(), password=None)
        else:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            if len(raw) == 32:
                return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
            key = serialization.load_der_private_key(raw, password=None)
    except (ValueError, TypeError, binascii.Error):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyringError(
            "MAATJE_VAPID_KEY must be a private key on P-256: PEM, or its 32 bytes in base64url. Leave it empty to have one."
        )
    return key


def _described(key: ec.EllipticCurvePrivateKey) -> PushKey:
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return PushKey(_text(key.private_numbers().private_value.to_bytes(32, "big")), _text(point))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
