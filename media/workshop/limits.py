"""What the workshop may take of the machine."""

import os
import resource

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
_BEHIND_THE_SERVER = 10
_OWN_FILES = 3  # input, output, errors


def take_little() -> None:
    """Bound memory and time, let everybody else go first, and leave no core behind."""
    os.nice(_BEHIND_THE_SERVER)
    _bound(resource.RLIMIT_AS, MEMORY_BYTES)
    _bound(resource.RLIMIT_CPU, CPU_SECONDS)
    _bound(resource.RLIMIT_CORE, 0)


def open_nothing_more() -> None:
    """From here on no file and no socket can be opened, and no file written."""
    _bound(resource.RLIMIT_NOFILE, _OWN_FILES)
    _bound(resource.RLIMIT_FSIZE, 0)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
