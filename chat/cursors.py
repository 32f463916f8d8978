"""How far a device got, as it says when it comes: one short array instead of a command and its answer."""

from typing import NamedTuple

import msgspec

from chat.errors import MalformedFrame

MOST_CONVERSATIONS = 100
_WHOLE_NUMBERS = msgspec.msgpack.Decoder(list[int])


class Place(NamedTuple):
    """One conversation of a device: stored up to `seq`, its card known by `stamp`, its marks by their sum (`marks`)."""

    seq: int
    stamp: int
    marks: int


class Cursor(NamedTuple):
    """All of it. `life` names the device and the epoch that its places belong to."""

    life: int
    places: dict[int, Place]


def read_cursor(data: bytes) -> Cursor:
    """`[life, slot, seq, stamp, marks, slot, seq, stamp, marks …]`. :raises MalformedFrame:"""
    try:
        life, *numbers = _WHOLE_NUMBERS.decode(data)
    except (msgspec.DecodeError, ValueError) as problem:
        raise MalformedFrame(problem=f"the cursor: {str(problem)[:100]}") from None
    if len(numbers) % 4 or len(numbers) > 4 * MOST_CONVERSATIONS or any(not 0 <= number < 2**53 for number in numbers):
        raise MalformedFrame(problem="the cursor: four numbers a conversation, at most 100 conversations")
    return Cursor(life, {slot: Place(*place) for slot, *place in zip(*[iter(numbers)] * 4, strict=True)})
