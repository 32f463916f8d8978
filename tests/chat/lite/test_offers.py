"""What rides in the upgrade, or leads a POST. Whatever stands there, a device is welcomed; only a POST that cannot be read is refused."""

import base64
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.cursors import Cursor, Place
from chat.errors import MalformedFrame
from chat.lite.offers import Offer, posted_offer, read_offer

CURSOR = Cursor(7, {1: Place(42, 3, 80)})
DATA = msgspec.msgpack.encode([7, 1, 42, 3, 80])


def item(data: bytes, *, padded: bool = False) -> str:
    said = base64.urlsafe_b64encode(data).decode()
    return "c." + (said if padded else said.rstrip("="))


class TestInTheUpgrade:
    def test_nothing_is_a_new_device(self) -> None:
        assert read_offer(["maatje.v1.lite"]) == Offer()

    def test_everything_is_read_in_any_order(self) -> None:
        offer = read_offer(["p.0a1b2c3d", "d.nl1", "maatje.v1.lite", item(DATA), "d.fr12"])

        assert offer == Offer(CURSOR, ("nl1", "fr12"), "0a1b2c3d")

    def test_padding_is_forgiven(self) -> None:
        assert read_offer([item(DATA, padded=True)]).cursor == CURSOR

    @pytest.mark.parametrize("said", ["c.", "c.!!!", "c.é", item(b"\xc1"), item(DATA[:-1]), item(b"\x91\xa1x"), "c.A"])
    def test_a_cursor_that_cannot_be_read_is_none(self, said: str) -> None:
        assert read_offer(["maatje.v1.lite", said]).cursor is None

    def test_the_last_cursor_counts(self) -> None:
        assert read_offer([item(msgspec.msgpack.encode([9])), item(DATA)]).cursor == CURSOR

    def test_takes_three_dictionaries_and_keeps_the_numbers_of_the_others(self) -> None:
        offer = read_offer(["d.nl1", "d.NL", "d.fr1", "d.en1"])

        assert offer.dictionaries == ("nl1", "", "fr1")

    @pytest.mark.parametrize("version", ["", "x", "0A", "0" * 17, "0a1b 2c"])
    def test_a_version_that_is_none_is_not_kept(self, version: str) -> None:
        assert read_offer([f"p.{version}"]).page == ""

    @given(st.lists(st.text(max_size=40), max_size=10))
    def test_never_fails(self, items: list[str]) -> None:
        read_offer(items)

    @given(st.binary(max_size=60))
    def test_never_fails_on_a_cursor(self, data: bytes) -> None:
        read_offer([item(data)])


class TestPosted:
    def test_alone_is_a_new_device_that_does_not_wait(self) -> None:
        assert posted_offer([-10]) == Offer()

    def test_says_the_same_as_the_upgrade(self) -> None:
        assert posted_offer([-10, DATA, 25, ["nl1", "fr1"], "0a1b2c3d"]) == Offer(CURSOR, ("nl1", "fr1"), "0a1b2c3d", 25)

    def test_may_be_longer_than_we_know(self) -> None:
        assert posted_offer([-10, None, None, None, None, "later"]) == Offer()

    @pytest.mark.parametrize(("asked", "given"), [(-1, 0), (0, 0), (50, 50), (51, 50), (2**60, 50)])
    def test_waits_within_bounds(self, asked: int, given: int) -> None:
        assert posted_offer([-10, None, asked]).wait == given

    @pytest.mark.parametrize(
        "array",
        [[-10, "text"], [-10, 1], [-10, b"\xc1"], [-10, None, "1"], [-10, None, 1.5], [-10, None, None, "nl1"], [-10, None, None, 1]],
    )
    def test_is_refused_when_it_is_something_else(self, array: list[Any]) -> None:
        with pytest.raises(MalformedFrame):
            posted_offer(array)

    def test_forgives_names_and_versions_that_are_none(self) -> None:
        assert posted_offer([-10, None, None, [1, "nl1", None, "fr1"], 7]) == Offer(dictionaries=("", "nl1", ""))
