"""What is made of our sources at every start, kept where Python keeps what it makes of them: whoever may write there is us anyway."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOST = 8  # pages of other versions, which tests and people who try something go to and fro between
HERE = Path(__file__).parent
MAKERS = ("joining.py", "shortening.py", "javascript.py")  # another version of these makes something else of the same files


def kept(files: dict[str, str], names: tuple[str, ...], make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `make` gives for these files, of this start or of an earlier one; where nothing can be kept it is made each time."""
    at = HERE / "__pycache__" / f"page-{_print_of(files, names)}.json"
    with suppress(OSError, ValueError):
        found: dict[str, str] = json.loads(at.read_bytes())
        return found
    made = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _keep(made, at)
    return made


def _print_of(files: dict[str, str], names: tuple[str, ...]) -> str:
    said = json.dumps([sorted(files.items()), names, *((HERE / name).read_text(encoding="utf-8") for name in MAKERS)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _keep(made: dict[str, str], at: Path) -> None:
    """Whole or not at all, whoever else does the same; of what was kept of other files the oldest goes."""
    at.parent.mkdir(exist_ok=True)
    half = at.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(made), encoding="utf-8")
    half.replace(at)
    for older in sorted(at.parent.glob("page-*.json"), key=os.path.getmtime)[:-MOST]:
        older.unlink(missing_ok=True)
