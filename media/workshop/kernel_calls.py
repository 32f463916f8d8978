"""Which calls of the kernel a decoder may make: memory, time, and the pipes it has (seccomp(2), as classic BPF).

Every other call is answered with EPERM: opening, connecting, starting a process, signalling or tracing another.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2  # prctl(2)
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_…, in the order of the numbers below
_ALLOWED = {  # asm/unistd_64.h, asm-generic/unistd.h
    "read": (0, 63), "write": (1, 64), "writev": (20, 66), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214),
    "futex": (202, 98), "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "gettimeofday": (96, 169), "times": (100, 153), "getrusage": (98, 165),
    "getpid": (39, 172), "gettid": (186, 178), "getrandom": (318, 278), "sysinfo": (99, 179),
    "set_robust_list": (273, 99), "rseq": (334, 293),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip


class _Programme(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("steps", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def allow_few(libc: ctypes.CDLL) -> bool:
    """Hold this thread, and all that come of it, to the list; say whether this kernel does so.

    The caller has given up new privileges, without which a kernel takes no list from anybody but root.
    """
    machine = os.uname().machine
    if machine not in _ARCHITECTURES or sys.maxsize < 1 << 32:  # 32 bits on a kernel of 64 counts otherwise
        return False
    column = list(_ARCHITECTURES).index(machine)
    steps = _steps(_ARCHITECTURES[machine], [numbers[column] for numbers in _ALLOWED.values()])
    programme = _Programme(len(steps), b"".join(steps))
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(programme), 0, 0) == 0)


def _steps(architecture: int, allowed: Iterable[int]) -> list[bytes]:
    """The list as a programme: each comparison skips the return behind it when it does not hold."""
    steps = [_step(_LOAD, _ARCHITECTURE_AT), _step(_IF_EQUAL, architecture, if_so=1), _step(_RETURN, _REFUSE), _step(_LOAD, _NUMBER_AT)]
    for number in allowed:
        steps += [_step(_IF_EQUAL, number, otherwise=1), _step(_RETURN, _ALLOW)]
    return [*steps, _step(_RETURN, _REFUSE)]


def _step(code: int, value: int, *, if_so: int = 0, otherwise: int = 0) -> bytes:
    """struct sock_filter"""
    return struct.pack("=HBBI", code, if_so, otherwise, value)
