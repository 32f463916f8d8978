"""What the workshop hands back: one MessagePack value."""

from typing import Literal

import msgspec
from msgspec import Struct

Kind = Literal["photo", "voice"]
MOST_BYTES = 1024 * 1024
SIDES = (320, 640)  # of photos, in pixels


class Form(Struct, frozen=True, array_like=True):
    """One way to fetch it; `side` is the longest side of a photo in pixels, 0 for a voice note."""

    side: int
    content_type: str
    data: bytes


class Made(Struct, frozen=True, tag=True):
    """Everything of an item, in the clear: only the process that asked ever holds it."""

    kind: Kind
    forms: list[Form]
    preview: bytes = b""
    width: int = 0
    height: int = 0
    seconds: int = 0

    @property
    def small(self) -> int:
        return self._bytes_at(0 if self.kind == "voice" else SIDES[0])

    @property
    def large(self) -> int:
        return 0 if self.kind == "voice" else self._bytes_at(SIDES[1])

    def _bytes_at(self, side: int) -> int:
        """What fetching it takes at most, for a device of today; JPEG is for those of yesterday."""
        return max((len(form.data) for form in self.forms if form.side == side and form.content_type != "image/jpeg"), default=0)


class Refused(Struct, frozen=True, tag=True):
    code: str


Result = Made | Refused


def encode(result: Result) -> bytes:
    return msgspec.msgpack.encode(result)


def decode(said: bytes) -> Result:
    """:raises msgspec.DecodeError: the workshop did not end as it should."""
    result: Result = msgspec.msgpack.decode(said, type=Result)
    return result
