"""Have an upload made into what is kept: the workshop does it, in a process of its own, a few at a time."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import msgspec

from core.errors import DomainError, TryAgain
from media import errors
from media.errors import MediaBroken
from media.workshop import results
from media.workshop.kinds import kind_of
from media.workshop.results import Made

log = logging.getLogger(__name__)

AT_A_TIME = 2
MOST_WAITING = 8
LONGEST_WAIT = 10  # seconds, for a turn
LONGEST_WORK = 20  # seconds of the wall clock; the workshop itself stops after 10 of the processor's
_ROOT = Path(__file__).resolve().parent.parent
_COMMAND = [sys.executable, "-E", "-s", "-m", "media.workshop"]
_REFUSALS = {kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)}


def make(data: bytes, *, by_id: UUID) -> Made:
    """Everything that is kept of an upload.

    :raises MediaUnknownKind: :raises MediaTooBig: :raises MediaTooLong: :raises MediaBroken:
    :raises TryAgain: others are being made, or one of this person's is.
    """
    kind_of(data)
    with _turns.taken_by(by_id):
        said = _worked(data)
    try:
        result = results.decode(said)
    except msgspec.DecodeError:
        log.warning("media_workshop_broke")
        raise MediaBroken from None
    if isinstance(result, Made):
        return result
    raise _REFUSALS.get(result.code, MediaBroken)


def _worked(data: bytes) -> bytes:
    """What the workshop wrote, cut at the most it may write; nothing of ours goes in but the upload."""
    with subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=_ROOT, env={}) as process:
        assert process.stdin is not None and process.stdout is not None  # both are pipes
        watch = threading.Timer(LONGEST_WORK, process.kill)
        watch.start()
        try:
            process.stdin.write(data)
            process.stdin.close()
            return process.stdout.read(results.MOST_BYTES)
        except BrokenPipeError:  # it died before it had read everything
            return b""
        finally:
            watch.cancel()
            process.kill()


class Turns:
    """Who is served now, and how many may wait for it; one at a time for each person."""

    def __init__(self) -> None:
        self._benches = threading.BoundedSemaphore(AT_A_TIME)
        self._lock = threading.Lock()
        self._here: set[UUID] = set()

    @contextmanager
    def taken_by(self, person_id: UUID) -> Iterator[None]:
        """:raises TryAgain: too many are here, or this person is."""
        with self._lock:
            if person_id in self._here or len(self._here) >= AT_A_TIME + MOST_WAITING:
                raise TryAgain(retry_after=2)
            self._here.add(person_id)
        try:
            if not self._benches.acquire(timeout=LONGEST_WAIT):
                raise TryAgain(retry_after=5)
            try:
                yield
            finally:
                self._benches.release()
        finally:
            with self._lock:
                self._here.discard(person_id)


_turns = Turns()
