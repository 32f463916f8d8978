"""Have an upload made into what is kept: the workshop does it, in a process of its own, a few at a time."""

import hashlib
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
from live.brief_memory import BriefMemory
from media import errors
from media.errors import MediaBroken
from media.workshop import results
from media.workshop.kinds import kind_of
from media.workshop.results import Made, Refused

log = logging.getLogger(__name__)

AT_A_TIME = 2
MOST_WAITING = 8
LONGEST_WAIT = 10  # seconds, for a turn
LONGEST_WORK = 20  # seconds of the wall clock; the workshop itself stops after 4 of the processor's
REFUSED_AGAIN = 600  # seconds in which the same bytes are refused without another look
REST = 60  # seconds for somebody whose upload broke the workshop
_MOST_REMEMBERED = 2_000
_ROOT = Path(__file__).resolve().parent.parent
_COMMAND = [sys.executable, "-E", "-s", "-m", "media.workshop"]
_REFUSALS = {kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)}


def make(data: bytes, *, by_id: UUID) -> Made:
    """Everything that is kept of an upload.

    :raises MediaUnknownKind: :raises MediaTooBig: :raises MediaTooLong: :raises MediaBroken:
    :raises TryAgain: others are being made, or one of this person's is; or theirs broke the workshop a moment ago.
    """
    kind_of(data)
    digest = hashlib.sha256(data).digest()
    if refusal := _refused.get(digest):
        raise refusal
    if _resting.get(by_id):
        raise TryAgain(retry_after=REST)
    with _turns.taken_by(by_id):
        said = _worked(data)
    try:
        result = results.decode(said)
    except msgspec.DecodeError:
        log.warning("media_workshop_broke")
        _resting.put(by_id, True)
        result = Refused(MediaBroken.code)
    if isinstance(result, Made):
        return result
    refusal = _REFUSALS.get(result.code, MediaBroken)
    _refused.put(digest, refusal)
    raise refusal


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
_refused: BriefMemory[bytes, type[DomainError]] = BriefMemory(seconds=REFUSED_AGAIN, most=_MOST_REMEMBERED)  # by SHA-256
_resting: BriefMemory[UUID, bool] = BriefMemory(seconds=REST, most=_MOST_REMEMBERED)
