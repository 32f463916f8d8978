import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.envelope import OVERHEAD, open_sealed, seal
from privacy.errors import CannotOpen

KEY = bytes(range(32))
PLACE = b"conversation|author|1"
SEALED = seal(KEY, "Tot morgen, bij de bakker ☕".encode(), aad=PLACE)


class TestSeal:
    @given(plaintext=st.binary(max_size=3000), aad=st.binary(max_size=80))
    def test_opens_to_exactly_what_was_sealed(self, plaintext: bytes, aad: bytes) -> None:
        assert open_sealed(KEY, seal(KEY, plaintext, aad=aad), aad=aad) == plaintext

    def test_adds_twenty_nine_bytes_and_starts_with_its_version(self) -> None:
        sealed = seal(KEY, b"dag", aad=PLACE)

        assert len(sealed) == 3 + OVERHEAD == 3 + 29
        assert sealed[0] == 1

    def test_never_seals_the_same_words_to_the_same_bytes(self) -> None:
        assert len({seal(KEY, b"dag", aad=PLACE) for _ in range(1000)}) == 1000

    def test_shows_nothing_of_the_words(self) -> None:
        assert b"bakker" not in SEALED


class TestOpenSealed:
    @pytest.mark.parametrize("position", range(len(SEALED)))
    def test_refuses_a_flipped_byte_wherever_it_is(self, position: int) -> None:
        flipped = bytearray(SEALED)
        flipped[position] ^= 1

        with pytest.raises(CannotOpen):
            open_sealed(KEY, bytes(flipped), aad=PLACE)

    @pytest.mark.parametrize("length", range(len(SEALED)))
    def test_refuses_what_was_cut_off(self, length: int) -> None:
        with pytest.raises(CannotOpen):
            open_sealed(KEY, SEALED[:length], aad=PLACE)

    def test_refuses_what_has_something_added(self) -> None:
        with pytest.raises(CannotOpen):
            open_sealed(KEY, SEALED + b"\0", aad=PLACE)

    def test_refuses_another_key(self) -> None:
        with pytest.raises(CannotOpen):
            open_sealed(os.urandom(32), SEALED, aad=PLACE)

    @pytest.mark.parametrize("elsewhere", [b"", PLACE[:-1], PLACE + b"|", b"conversation|author|2"])
    def test_refuses_what_was_sealed_for_another_place(self, elsewhere: bytes) -> None:
        with pytest.raises(CannotOpen):
            open_sealed(KEY, SEALED, aad=elsewhere)

    @pytest.mark.parametrize("version", [0, 2, 255])
    def test_refuses_a_version_it_does_not_know(self, version: int) -> None:
        with pytest.raises(CannotOpen):
            open_sealed(KEY, bytes([version]) + SEALED[1:], aad=PLACE)

    def test_never_says_why(self) -> None:
        with pytest.raises(CannotOpen) as wrong_key:
            open_sealed(os.urandom(32), SEALED, aad=PLACE)
        with pytest.raises(CannotOpen) as cut_off:
            open_sealed(KEY, SEALED[:5], aad=PLACE)

        assert str(wrong_key.value) == str(cut_off.value)
        assert wrong_key.value.__cause__ is None
