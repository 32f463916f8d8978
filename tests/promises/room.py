"""The room that runs of tests share when they are beside each other: who measures time has it alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = os.environ.get("TESTS_ARE_BESIDE_OTHERS_IN", "")  # script/test names one; whoever runs alone has all the room there is


@contextmanager
def room(*, alone: bool) -> Iterator[None]:
    """Be in the room, with the others or without. Whoever waits holds the door, so that nobody slips in before them."""
    if not FOLDER:
        yield
        return
    with (Path(FOLDER) / "door").open("a") as door, (Path(FOLDER) / "room").open("a") as inside:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
