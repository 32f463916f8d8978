"""Where the keys live: one file that only its owner can read, replaced as a whole or not at all."""

import os
import stat
import tempfile
from pathlib import Path

from privacy import key_material
from privacy.errors import KeyringError
from privacy.key_material import KeyMaterial


def read(path: Path) -> KeyMaterial:
    """Read a key file that nobody else can read. :raises KeyringError: with the remedy."""
    try:
        with path.open(encoding="utf-8") as file:
            ensure_private(path, os.fstat(file.fileno()))
            return key_material.parse(file.read(), source=str(path))
    except FileNotFoundError:
        raise KeyringError(f"{path} is missing. Put it back from its backup, or allow a new one with MAATJE_CREATE_KEYS=yes.") from None
    except OSError as problem:
        raise KeyringError(f"Cannot read {path} ({problem.strerror}). Give its owner, who runs Maatje, the right to read it.") from None
    except UnicodeDecodeError:
        raise KeyringError(f"{path} is not JSON. Put it back from its backup.") from None


def ensure_private(path: Path, status: os.stat_result) -> None:
    """:raises KeyringError: when group or others can read or write it."""
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyringError(f"{path} can be read by others. Run: chmod 600 {path}")


def create(path: Path) -> None:
    """Make a key file with fresh keys, unless another process was first."""
    draft = _write_beside(path, KeyMaterial.fresh())
    try:
        os.link(draft, path)  # unlike a rename, a link never overwrites
    except FileExistsError:
        return
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def replace(path: Path, material: KeyMaterial) -> None:
    """Put other keys in the file; whoever reads it sees the old ones or the new ones, also after a power cut."""
    _write_beside(path, material).replace(path)
    _sync_folder(path.parent)


def _write_beside(path: Path, material: KeyMaterial) -> Path:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made 0600
    except OSError as problem:
        raise KeyringError(f"Cannot write in {path.parent} ({problem.strerror}). Make it writable or set MAATJE_DATA.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(material.as_json())
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
