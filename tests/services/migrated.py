"""Databases on which every migration ran, made once for each state of the code; servers and tests begin with a copy.

They stand in `.pytest_cache`, so that the runs of script/test, their workers and the instruments of bench/ share them. That
`manage.py serve` migrates an empty database itself is what tests/contracts/test_fresh_machine.py and test_container.py hold.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / ".pytest_cache" / "migrated"
FOLLOW_FROM = [
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "*/triggers.py",
    "core/*.py",
    "backend/settings.py",
    "requirements*.txt",
]


def lay_sqlite(to: Path) -> None:
    """Put a database file there."""
    _lay(f"{_state()}.sqlite3", _make_sqlite, to)


def lay_cluster(to: Path, make: Callable[[Path], None]) -> None:
    """Put the data folder of a PostgreSQL there that is not running; `make` fills the first one."""
    _lay(f"{_state()}.postgres", make, to)


def migrate(**env: str) -> None:
    """Every migration, by a process of its own, as an operator would."""
    with tempfile.TemporaryDirectory(prefix="maatje-migrates-") as folder:
        command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(command, env={**_without_database(), "MAATJE_DATA": folder, **env}, cwd=ROOT, check=True)  # our own program


def _make_sqlite(to: Path) -> None:
    migrate(DATABASE_URL=f"sqlite:///{to}")


def _without_database() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}}


@cache
def _state() -> str:
    """What the tables follow from: migrations, models, what both stand on, and the versions of what is not ours."""
    seen = hashlib.sha256()
    for path in sorted(path for pattern in FOLLOW_FROM for path in ROOT.glob(pattern)):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _lay(name: str, make: Callable[[Path], None], to: Path) -> None:
    """Copy the one of that name; whoever comes first makes it, and the others wait."""
    kept = KEPT / name
    with _turn():
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=KEPT) as folder:
                half = Path(folder) / name
                make(half)
                _forget_older(kept.suffix)
                half.rename(kept)
        shutil.copytree(kept, to) if kept.is_dir() else shutil.copyfile(kept, to)


def _forget_older(suffix: str) -> None:
    for older in KEPT.glob(f"*{suffix}"):
        shutil.rmtree(older) if older.is_dir() else older.unlink()


@contextmanager
def _turn() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "turn").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
