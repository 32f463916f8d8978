"""The compiled lists in a file beside them, so that a process starts in a quarter of a second instead of two.

The first process that compiles them makes it, where it may write there; the image is built with it (`manage.py compile_lists`). It belongs to exactly these lists, this code and this Python;
with anything else, or without it, lists are compiled as the process starts. It lies where the code lies, and is trusted as code is.
"""

import gc
import hashlib
import logging
import os
import pickle  # our own file, beside our own code
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from moderation.screening.engine import Engine

log = logging.getLogger(__name__)

FILE = Path(__file__).with_name("compiled.pickle")
_DIGEST_BYTES = 32


def load(texts: Mapping[str, str], *, path: Path = FILE) -> Engine | None:
    """The engine that was made from these lists; None where there is none, or it is of others."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    if kept[:_DIGEST_BYTES] != digest(texts):
        return None
    was_collecting = gc.isenabled()
    gc.disable()  # so many objects at once make it look for garbage again and again: four times as long
    try:
        found = pickle.loads(kept[_DIGEST_BYTES:])  # noqa: S301  # as above
    except Exception as problem:  # a file that was cut off: compiling always works
        log.warning("compiled_lists_unreadable problem=%s", type(problem).__name__)
        return None
    finally:
        if was_collecting:
            gc.enable()
    return found if isinstance(found, Engine) else None


def keep(engine: Engine, texts: Mapping[str, str], *, path: Path = FILE) -> None:
    """Write it in one move, so that nobody reads half of it. :raises OSError: where that folder may not be written"""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(digest(texts) + pickle.dumps(engine, protocol=5))
    Path(name).chmod(0o644)
    Path(name).replace(path)


def digest(texts: Mapping[str, str]) -> bytes:
    """Of the lists, of the code that compiles them, and of what runs it."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    parts = [sys.version, *(f"{language} {text}" for language, text in sorted(texts.items())), *(one.read_text("utf-8") for one in sources)]
    return hashlib.sha256("\0".join(parts).encode()).digest()
