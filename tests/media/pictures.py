"""Photos as phones make them, and as nobody should."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def photo(width: int = 800, height: int = 600, *, format: str = "JPEG", corner: str = "red", **how: Any) -> bytes:
    """A white photo whose upper left quarter has a colour."""
    image = Image.new("RGB", (width, height), "white")
    image.paste(corner, (0, 0, width // 2, height // 2))
    return written(image, format=format, **how)


def written(image: Image.Image, *, format: str, **how: Any) -> bytes:
    file = BytesIO()
    image.save(file, format=format, **how)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def exif(*, orientation: int = 1, endian: str = ">") -> Image.Exif:
    """What a camera notes: how it was held, by whom, and where on earth."""
    noted = Image.Exif()
    noted.endian = endian
    noted[0x0112] = orientation
    noted[0x010F] = "Fatima's phone"
    noted.get_ifd(0x8825).update({1: "N", 2: (51.0, 13.0, 9.0), 3: "E", 4: (4.0, 24.0, 9.0), 29: "2026:03:02"})
    return noted


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(1_000))) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def scanned(times: int) -> bytes:
    """A progressive JPEG of 4 million pixels that goes over them this many times, to change nothing."""
    side = 256  # blocks; two runs of 32,767 and two blocks are all of them
    picture = _segment(0xDB, bytes([0, *[1] * 64])) + _segment(0xC2, struct.pack(">BHHB", 8, 8 * side, 8 * side, 1) + b"\1\x11\0")
    codes = _segment(0xC4, bytes([0x00, 1, *[0] * 15, 0])) + _segment(0xC4, bytes([0x10, 1, 1, *[0] * 14, 0xE0, 0]))
    flat = _segment(0xDA, b"\1\1\0\0\0\0") + bytes(side * side // 8)
    runs = ("0" + "1" * 14) * 2 + "1010"
    bits = int(runs.ljust(40, "1"), 2).to_bytes(5, "big").replace(b"\xff", b"\xff\0")
    return b"\xff\xd8" + picture + codes + flat + (_segment(0xDA, b"\1\1\0\1\x3f\0") + bits) * (times - 1) + b"\xff\xd9"


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def moving(format: str) -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    return written(frames[0], format=format, save_all=True, append_images=frames[1:], duration=100)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
PAGE = b"<!doctype html><script>alert(1)</script>"
