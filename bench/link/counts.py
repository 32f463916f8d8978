"""Bytes at IP level of each phone, both ways, in a small file that the emulator writes and anybody maps and reads."""

import mmap
import struct
from pathlib import Path
from typing import NamedTuple, Self

PHONES = 4
_ROW = struct.Struct("<6Q")


class Count(NamedTuple):
    """What one phone sent and was sent; what was lost on the way is counted, because it is paid for."""

    up: int = 0
    up_packets: int = 0
    up_lost: int = 0
    down: int = 0
    down_packets: int = 0
    down_lost: int = 0

    @property
    def both(self) -> int:
        return self.up + self.down

    def since(self, before: "Count") -> "Count":
        return Count(*(now - then for now, then in zip(self, before, strict=True)))


class Counts:
    """The file, mapped."""

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        if is_new:
            path.write_bytes(bytes(_ROW.size * PHONES))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _ROW.size * PHONES)

    def of(self, phone: int) -> Count:
        return Count(*_ROW.unpack_from(self._map, phone * _ROW.size))

    def add(self, phone: int, size: int, *, is_up: bool, is_lost: bool) -> None:
        row = list(self.of(phone))
        at = 0 if is_up else 3
        row[at] += size
        row[at + 1] += 1
        row[at + 2] += is_lost
        _ROW.pack_into(self._map, phone * _ROW.size, *row)

    def close(self) -> None:
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
