"""What processes used, from the operating system."""

import os
import time

import psutil


def seconds(pid: int) -> float:
    """Processor seconds, user and system, of a process and all its descendants, those that ended included."""
    total = 0.0
    for process in _tree(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:  # its parent counts it from now on
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


class Neighbours:
    """How much of this machine others used since this was made; their work is in every latency that we measure."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._before = _busy() - seconds(os.getpid())

    def share(self) -> float:
        """Between 0 and 1; what we and our children used is not in it."""
        used = _busy() - seconds(os.getpid()) - self._before
        return max(0.0, used / (time.monotonic() - self._began) / (psutil.cpu_count() or 1))


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system)


def resident_kib(pid: int) -> float:
    """Resident memory of a process and its descendants."""
    total: int = sum(process.memory_info().rss for process in _tree(pid))
    return total / 1024


def _tree(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]
