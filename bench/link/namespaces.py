"""Network namespaces without names: each lives as long as a process that is in it, so even kill -9 leaves nothing behind."""

import ctypes
import fcntl
import os
import struct
import subprocess
from pathlib import Path

TUN = Path("/dev/net/tun")
SERVER = "10.77.0.2"
MTU = 1400  # what mobile networks leave of 1500
_CLONE_NEWNET = 0x40000000  # sched.h
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000  # linux/if_tun.h
_libc = ctypes.CDLL(None, use_errno=True)


def phone_address(number: int) -> str:
    """The address of a phone, counted from 0."""
    return f"10.77.1.{number + 1}"


def why_not() -> str:
    """Why no link can be emulated here, with the remedy; empty when it can."""
    if os.geteuid() != 0:
        return "it makes network namespaces, which needs root: run it with sudo, or in a container with --cap-add NET_ADMIN --cap-add SYS_ADMIN"
    if not TUN.exists():
        return f"there is no {TUN}: `modprobe tun`, or start the container with --device {TUN}"
    missing = [
        program for program in ("ip", "nsenter", "setpriv", "unshare") if not any((Path(p) / program).exists() for p in os.get_exec_path())
    ]
    if missing:
        return f"{' and '.join(missing)} is missing: install iproute2 and util-linux"
    if subprocess.run(["unshare", "--net", "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        return "the kernel makes no network namespace here: start the container with --cap-add NET_ADMIN --cap-add SYS_ADMIN"
    return ""


def open_tun(*addresses: str) -> tuple[int, int]:
    """Enter a new namespace that has one TUN device with these addresses; give the device and the namespace as descriptors."""
    if _libc.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    device = os.open(TUN, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", b"air", _IFF_TUN | _IFF_NO_PI))
    for words in ("link set lo up", f"link set dev air mtu {MTU} up", *(f"address add {address}/16 dev air" for address in addresses)):
        subprocess.run(["ip", *words.split()], check=True)
    return device, os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
