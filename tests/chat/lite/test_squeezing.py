"""Short messages in few bytes: what is squeezed comes back as it was, and what is not squeezed text is refused."""

import json
import statistics
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import MalformedFrame
from chat.lite import dictionaries
from chat.lite.dictionaries import Dictionary
from chat.lite.squeezing import MOST, expand, squeeze
from tests.vectors import make

VECTORS: dict[str, Any] = json.loads((make.FOLDER / "bodies.json").read_text())
HELD_OUT = [
    tuple(line.split("\t", 1))
    for path in sorted(Path("bench/phrases").glob("held_out_*.tsv"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if "\t" in line
]
names = st.sampled_from(sorted(dictionaries.offered()))
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from([text for _, text in HELD_OUT])


def named(name: str) -> Dictionary:
    return make.SMALL if name == "small" else dictionaries.offered()[name]


class TestSqueezing:
    @given(names, texts)
    def test_loses_nothing(self, name: str, text: str) -> None:
        dictionary = named(name)

        squeezed = squeeze(text, dictionary)

        assert squeezed is None or expand(squeezed, dictionary) == text

    @given(names, texts)
    def test_is_shorter_or_nothing(self, name: str, text: str) -> None:
        squeezed = squeeze(text, named(name))

        assert squeezed is None or len(squeezed) + 1 < len(text.encode())

    def test_keeps_a_long_message(self) -> None:
        text = "".join(chr(0x4E00 + number * 37 % 20_000) for number in range(2_000))

        squeezed = squeeze(text + "hello" * 200, named("en1"))

        assert squeezed is None or expand(squeezed, named("en1")) == text + "hello" * 200

    def test_writes_only_blocks_that_small_clients_read(self) -> None:
        for language, text in HELD_OUT:
            for said in (text, text * 20):
                squeezed = squeeze(said, dictionaries.newest(language))
                assert squeezed is None or squeezed[0] >> 1 & 3 < 2

    def test_meets_the_goal_on_messages_that_no_dictionary_was_made_of(self) -> None:
        sizes = sorted(len(squeeze(text, dictionaries.newest(language)) or text.encode()) for language, text in HELD_OUT)

        assert statistics.median(sizes) <= 18
        assert sizes[len(sizes) * 95 // 100] <= 31

    def test_takes_no_time(self) -> None:
        dictionary = dictionaries.newest("nl")
        said = [text for language, text in HELD_OUT if language == "nl"]

        def once() -> float:
            start = time.perf_counter()
            for text in said:
                squeeze(text, dictionary)
            return (time.perf_counter() - start) / len(said)

        assert min(once() for _ in range(20)) < 60e-6


class TestExpanding:
    @pytest.mark.parametrize("vector", VECTORS["bodies"] + VECTORS["only_for_the_server"], ids=lambda vector: vector["hex"][:16])
    def test_reads_what_others_wrote(self, vector: dict[str, str]) -> None:
        assert expand(bytes.fromhex(vector["hex"]), named(vector["dictionary"])) == vector["text"]

    @pytest.mark.parametrize("vector", VECTORS["malformed"], ids=lambda vector: vector["why"])
    def test_refuses(self, vector: dict[str, str]) -> None:
        with pytest.raises(MalformedFrame):
            expand(bytes.fromhex(vector["hex"]), named(vector["dictionary"]))

    @given(names, st.binary(max_size=200))
    def test_of_anything_is_text_or_refused(self, name: str, data: bytes) -> None:
        try:
            text = expand(data, named(name))
        except MalformedFrame:
            return
        assert len(text.encode()) <= MOST

    @given(st.data())
    def test_of_something_almost_right_is_text_or_refused(self, data: st.DataObject) -> None:
        vector = data.draw(st.sampled_from(VECTORS["bodies"]))
        body = bytearray.fromhex(vector["hex"])
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] ^= 1 << data.draw(st.integers(0, 7))

        try:
            text = expand(bytes(body), named(vector["dictionary"]))
        except MalformedFrame:
            return
        assert len(text.encode()) <= MOST

    def test_never_takes_more_memory_than_a_body_may_have(self) -> None:
        bombs = [bytes.fromhex(vector["hex"]) for vector in VECTORS["malformed"] if "bytes" in vector["why"]]
        assert len(bombs) > 3
        expand(b"\x03\x00", make.SMALL)
        tracemalloc.start()

        for bomb in bombs:
            with pytest.raises(MalformedFrame):
                expand(bomb, make.SMALL)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert peak < 6 * MOST


class TestTheVectors:
    @pytest.mark.parametrize("name", make.FILES)
    def test_are_what_they_are_made_of(self, name: str) -> None:
        assert (make.FOLDER / name).read_text() == make.written(make.FILES[name]()), "Run `python -m tests.vectors.make`."
