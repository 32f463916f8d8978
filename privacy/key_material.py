"""The secrets themselves, and their JSON: `{"current": "k-…", "keys": {"k-…": "<base64>"}, "index": "<base64>"}`."""

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from typing import Any

from privacy.errors import KeyringError

KEY_BYTES = 32
LONGEST_ID = 32


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """Key-encryption keys by id, which of them wraps, and the key of the blind index. Never shown by repr."""

    current: str
    keys: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> "KeyMaterial":
        """Make a ring of one key."""
        return cls(current="", keys={}, index=os.urandom(KEY_BYTES)).with_new_key()

    def with_new_key(self) -> "KeyMaterial":
        """The same ring with one key more, which is now the current one.

        The id is a fingerprint, so that keys from elsewhere are recognised as such and not tried.
        """
        key = os.urandom(KEY_BYTES)
        kek_id = f"k-{hashlib.sha256(key).hexdigest()[:12]}"
        return replace(self, current=kek_id, keys={**self.keys, kek_id: key})

    def only_current(self) -> "KeyMaterial":
        """The same ring without its old keys."""
        return replace(self, keys={self.current: self.keys[self.current]})

    def as_json(self) -> str:
        keys = {kek_id: base64.b64encode(key).decode() for kek_id, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": keys, "index": base64.b64encode(self.index).decode()}, indent=1)


def parse(text: str, *, source: str) -> KeyMaterial:
    """Read the JSON of a keyring; `source` says where it came from.

    :raises KeyringError: naming the source and what is wrong, never a value.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyringError(f"{source} is not JSON. Put it back from its backup.") from None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), dict) or not found["keys"]:
        raise KeyringError(f"{source} has no keys in it. Put it back from its backup.")
    if not isinstance(found.get("current"), str) or found["current"] not in found["keys"]:
        raise KeyringError(f"{source}: `current` names no key in `keys`.")
    if too_long := [kek_id for kek_id in found["keys"] if not 0 < len(kek_id) <= LONGEST_ID]:
        raise KeyringError(f"{source}: a key's id has 1 to {LONGEST_ID} characters, not {len(too_long[0])}.")
    keys = {kek_id: _key(value, source=source, name=f"keys.{kek_id}") for kek_id, value in found["keys"].items()}
    return KeyMaterial(current=found["current"], keys=keys, index=_key(found.get("index"), source=source, name="index"))


def _key(value: Any, *, source: str, name: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyringError(f"{source}: `{name}` must be {KEY_BYTES} bytes in base64 (`openssl rand -base64 32` makes one).")
    return key
