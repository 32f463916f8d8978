"""What processes used, from the operating system."""

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


def resident_kib(pid: int) -> float:
    """Resident memory of a process and its descendants."""
    total: int = sum(process.memory_info().rss for process in _tree(pid))
    return total / 1024


def _tree(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]
