"""What the workshop may take of the machine."""

import ctypes
import os
import resource

from media.workshop import kernel_calls

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 4  # an honest upload takes 2 at most
_BEHIND_THE_SERVER = 10
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38  # prctl(2)


def take_little() -> None:
    """Bound memory and time, let everybody else go first, and leave no core behind."""
    os.nice(_BEHIND_THE_SERVER)
    _bound(resource.RLIMIT_AS, MEMORY_BYTES)
    _bound(resource.RLIMIT_CPU, CPU_SECONDS)
    _bound(resource.RLIMIT_CORE, 0)


def open_nothing_more() -> None:
    """From here on no file, socket or process can be opened, not even in the place of one that is closed, and no file written.

    What is open stays so. The kernel's own list of calls, where it keeps one, holds root too, and keeps signals inside.
    """
    for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
        _bound(what, 0)
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    kernel_calls.allow_few(libc)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
