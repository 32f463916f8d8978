"""An app that makes codes, as staff have on their phone (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time

_PERIOD = 30


class Authenticator:
    """Holds a seed; a code is given once, because the server takes it once."""

    def __init__(self, seed: str) -> None:
        self.key = base64.b32decode(seed)
        self._last = 0

    def code(self) -> str:
        """The code of now, or the next one when this one was given already (the server allows one step)."""
        self._last = max(int(time.time()) // _PERIOD, self._last + 1)
        digest = hmac.digest(self.key, struct.pack(">Q", self._last), hashlib.sha1)
        start = digest[-1] & 0x0F
        number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFF_FFFF
        return f"{number % 1_000_000:06}"
