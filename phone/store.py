"""Where a phone keeps what it has: one file, for its owner's eyes, whole at every moment."""

import fcntl
import hashlib
import os
from pathlib import Path

import msgspec

from phone.kept import Kept


class StoreError(Exception):
    """The file cannot be used; the message is a sentence with the remedy."""


class Store:
    """One phone's file. While it is open no other process may open it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @classmethod
    def of_code(cls, folder: Path, code: str) -> "Store":
        """The file of the phone that came in with this code; its name tells nothing."""
        spelled = "".join(character for character in code.upper() if character.isalnum())
        return cls(folder / f"{hashlib.sha256(spelled.encode()).hexdigest()}.json")

    def open(self) -> "Store":
        """:raises StoreError: the folder cannot be written to, or another process holds this phone."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise StoreError(f"Cannot write in {self.path.parent} ({problem.strerror}). Set MAATJE_DATA to a folder of yours.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise StoreError("This phone is open in another window. Close that one first.") from None
        self._lock = lock
        return self

    def load(self) -> Kept | None:
        """What was kept, or None for a new phone. :raises StoreError: it cannot be read."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError):
            raise StoreError(f"Cannot read {self.path}. Move it away and enrol with a new code.") from None

    def save(self, kept: Kept) -> None:
        """Replace the file in one step; when this returns, a power cut changes nothing."""
        fresh = self.path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(kept))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def forget(self) -> None:
        """Keep nothing of this phone any more."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
