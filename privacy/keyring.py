"""The keyring: wraps the data keys, so that the database holds nothing that opens itself."""

import functools
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from privacy import envelope, key_file, key_material
from privacy.errors import UnknownKey
from privacy.key_material import KeyMaterial


class Source(Protocol):
    """Where a keyring's secrets come from; `stamp` changes when they do."""

    def make_if_missing(self) -> None: ...

    def load(self) -> KeyMaterial: ...

    def stamp(self) -> object: ...


class EnvironmentKeys:
    """Keys given as JSON in the setting MAATJE_KEYS; they never change while the process lives."""

    def __init__(self, text: str) -> None:
        self.text = text

    def make_if_missing(self) -> None:
        """Nothing: what the environment holds is always there."""

    def load(self) -> KeyMaterial:
        return key_material.parse(self.text, source="MAATJE_KEYS")

    def stamp(self) -> object:
        return None


class FileKeys:
    """Keys in a file, which `rotate_keys` replaces while we run."""

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        self.create = create

    def make_if_missing(self) -> None:
        if self.create and not self.path.exists():
            key_file.create(self.path)

    def load(self) -> KeyMaterial:
        return key_file.read(self.path)

    def stamp(self) -> object:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino


class Keyring:
    """Wrap and unwrap data keys. A running process follows a rotation without a restart."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.refresh()

    def refresh(self) -> None:
        """Read the source again. A file that is gone is an error now: words sealed under forgotten keys would be lost."""
        self._stamp = self.source.stamp()  # before reading, so that a change meanwhile is seen the next time
        material = self.source.load()
        self._ciphers = {kek_id: AESGCM(key) for kek_id, key in material.keys.items()}
        self.material = material

    def wrap(self, dek: bytes, *, aad: bytes) -> tuple[str, bytes]:
        """Wrap a data key under the current key: (its id, the wrapped bytes)."""
        if self.source.stamp() != self._stamp:  # a retired key must not wrap anything new
            self.refresh()
        kek_id = self.material.current
        return kek_id, envelope.seal_with(self._ciphers[kek_id], dek, aad=kek_id.encode() + b"|" + aad)

    def unwrap(self, kek_id: str, wrapped: bytes, *, aad: bytes) -> bytes:
        """Unwrap what `wrap` made. :raises UnknownKey: :raises CannotOpen:"""
        cipher = self._ciphers.get(kek_id) or self._newly_added(kek_id)
        return envelope.open_with(cipher, wrapped, aad=kek_id.encode() + b"|" + aad)

    def _newly_added(self, kek_id: str) -> AESGCM:
        if self.source.stamp() != self._stamp:
            self.refresh()
        try:
            return self._ciphers[kek_id]
        except KeyError:
            raise UnknownKey(kek_id) from None


def source() -> EnvironmentKeys | FileKeys:
    """Where the settings say that the keys are."""
    if settings.MAATJE_KEYS:
        return EnvironmentKeys(settings.MAATJE_KEYS)
    return FileKeys(Path(settings.MAATJE_DATA) / "keys.json", create=settings.MAATJE_CREATE_KEYS)


@functools.cache
def keyring() -> Keyring:
    """The keyring of this process, read once; made first where that is allowed. :raises KeyringError:"""
    place = source()
    place.make_if_missing()
    return Keyring(place)


def reset() -> None:
    """Forget the keyring of this process, so that the next call reads it again."""
    keyring.cache_clear()
