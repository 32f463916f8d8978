"""What is compiled beside the messages."""

import threading
from collections.abc import Callable


def compile_beside(work: Callable[[], object]) -> None:
    """Let `work` go on in a thread that the process waits for when it ends.

    A daemon thread would be stopped in the middle of the automaton's own code (Rust), and that aborts the process:
    the exit status would be -6 after a stop in which nothing was lost.
    """
    threading.Thread(target=work, name="word-lists", daemon=False).start()
