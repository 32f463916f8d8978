"""The compiled lists in a file beside them, so that a process starts in a quarter of a second instead of two.

The first process that compiles them makes it, where it may write there; the image is built with it (`manage.py compile_lists`). It belongs to exactly these lists, this code and this Python;
with anything else, or without it, lists are compiled as the process starts. It holds data alone: whoever can write there can make the screening blind, and run nothing.
"""

import gc
import hashlib
import logging
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from moderation.screening.anchors import Anchors
from moderation.screening.context import Company, Negation
from moderation.screening.engine import Engine, Made
from moderation.screening.phrases import Phrase
from moderation.screening.seeking import Aim, Seeker
from moderation.screening.signals import Signal

log = logging.getLogger(__name__)

FILE = Path(__file__).with_name("compiled.msgpack")
_DIGEST_BYTES = 32

KeptAim = tuple[str, Signal, Company | None, int | None]  # an aim, with the number of its negation
KeptSeeker = tuple[Phrase, Anchors, bool, int]  # a seeker, with the number of its aim


class _Kept(Struct, array_like=True):
    """What is made, with numbers for what many share."""

    negations: list[Negation]
    aims: list[KeptAim]
    plain: list[KeptSeeker]
    turkish: list[KeptSeeker]
    spelling: dict[str, dict[str, str]]
    known: frozenset[str]

    @classmethod
    def of(cls, made: Made) -> "_Kept":
        aims = list({id(seeker.aim): seeker.aim for seeker in (*made.plain, *made.turkish)}.values())
        negations = list({id(aim.negation): aim.negation for aim in aims if aim.negation}.values())
        number = {id(shared): place for all_shared in (aims, negations) for place, shared in enumerate(all_shared)}
        plain, turkish = (
            [(one.phrase, one.anchors, one.crosses, number[id(one.aim)]) for one in seekers] for seekers in (made.plain, made.turkish)
        )
        return cls(
            negations=negations,
            aims=[(aim.language, aim.signal, aim.company, number[id(aim.negation)] if aim.negation else None) for aim in aims],
            plain=plain,
            turkish=turkish,
            spelling={language: dict(table) for language, table in made.spelling.items()},
            known=made.known,
        )

    def made(self) -> Made:
        """:raises IndexError: a number of nothing"""
        aims = [
            Aim(language, signal, company, None if denied is None else self.negations[denied])
            for language, signal, company, denied in self.aims
        ]
        plain, turkish = (_seekers(kept, aims) for kept in (self.plain, self.turkish))
        return Made(plain, turkish, self.spelling, self.known)


def _seekers(kept: Sequence[KeptSeeker], aims: Sequence[Aim]) -> list[Seeker]:
    return [Seeker(phrase, anchors, crosses, aims[aim]) for phrase, anchors, crosses, aim in kept]


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
        return Engine(msgspec.msgpack.decode(memoryview(kept)[_DIGEST_BYTES:], type=_Kept).made())
    except (msgspec.MsgspecError, IndexError) as problem:  # a file that was cut off: compiling always works
        log.warning("compiled_lists_unreadable problem=%s", type(problem).__name__)
        return None
    finally:
        if was_collecting:
            gc.enable()


def keep(engine: Engine, texts: Mapping[str, str], *, path: Path = FILE) -> None:
    """Write it in one move, so that nobody reads half of it. :raises OSError: where that folder may not be written"""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(digest(texts) + msgspec.msgpack.encode(_Kept.of(engine.made)))
        half.chmod(0o644)
        half.replace(path)
    except OSError:  # a full disk is not made fuller by every process that starts
        half.unlink(missing_ok=True)
        raise


def digest(texts: Mapping[str, str]) -> bytes:
    """Of the lists, of the code that compiles them, and of what runs it."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    parts = [sys.version, *(f"{language} {text}" for language, text in sorted(texts.items())), *(one.read_text("utf-8") for one in sources)]
    return hashlib.sha256("\0".join(parts).encode()).digest()
