"""A start makes much that stays and hardly any rubbish: looking for it meanwhile takes a sixth of the time, and finds nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def starting() -> Iterator[None]:
    """Read modules and make what stays."""
    gc.disable()
    try:
        yield
    finally:
        started()


def started() -> None:
    """Look for rubbish again, but never among what is there now: looking through all of it would hold everybody up."""
    gc.freeze()
    gc.enable()
