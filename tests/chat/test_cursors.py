"""A short array says how far a device got."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.cursors import MOST_CONVERSATIONS, Cursor, Place, read_cursor
from chat.errors import MalformedFrame

numbers = st.integers(0, 2**53 - 1)


def packed(*said: Any) -> bytes:
    return msgspec.msgpack.encode(list(said))


class TestACursor:
    def test_without_a_conversation_names_only_the_life(self) -> None:
        assert read_cursor(packed(7)) == Cursor(7, {})

    def test_has_four_numbers_for_each_conversation(self) -> None:
        assert read_cursor(packed(7, 1, 42, 3, 80, 2, 0, 0, 0)) == Cursor(7, {1: Place(42, 3, 80), 2: Place(0, 0, 0)})

    def test_believes_the_last_place_of_a_slot_that_is_named_twice(self) -> None:
        assert read_cursor(packed(7, 1, 42, 3, 80, 1, 9, 3, 80)).places == {1: Place(9, 3, 80)}

    @given(numbers, st.dictionaries(numbers, st.tuples(numbers, numbers, numbers), max_size=MOST_CONVERSATIONS))
    def test_comes_back_as_it_went(self, life: int, places: dict[int, tuple[int, int, int]]) -> None:
        said = packed(life, *(number for slot, place in places.items() for number in (slot, *place)))

        assert read_cursor(said) == Cursor(life, {slot: Place(*place) for slot, place in places.items()})

    def test_of_a_hundred_conversations_is_the_longest(self) -> None:
        places = [number for slot in range(MOST_CONVERSATIONS) for number in (slot, 1, 1, 1)]

        assert len(read_cursor(packed(7, *places)).places) == 100
        with pytest.raises(MalformedFrame):
            read_cursor(packed(7, *places, 100, 1, 1, 1))


MALFORMED = {
    "nothing": b"",
    "no MessagePack": b"\xc1",
    "half of it": packed(7, 1, 42, 3, 80)[:-1],
    "two values": packed(7) + packed(7),
    "no array": msgspec.msgpack.encode({"life": 7}),
    "no life": packed(),
    "half a place": packed(7, 1, 42),
    "a text": packed(7, 1, "42", 3, 80),
    "a fraction": packed(7, 1, 4.5, 3, 80),
    "true": packed(7, 1, True, 3, 80),
    "nil": packed(7, 1, None, 3, 80),
    "an array within": packed(7, [1, 42, 3, 80]),
    "a negative seq": packed(7, 1, -1, 3, 80),
    "a seq beyond a double": packed(7, 1, 2**53, 3, 80),
    "a number of 65 bits": b"\x91\xcf" + b"\xff" * 9,
}


class TestWhatIsNone:
    @pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
    def test_is_refused(self, data: bytes) -> None:
        with pytest.raises(MalformedFrame):
            read_cursor(data)

    @given(st.binary(max_size=100))
    def test_never_fails_in_another_way(self, data: bytes) -> None:
        try:
            read_cursor(data)
        except MalformedFrame as refused:
            assert len(refused.facts["problem"]) < 200
