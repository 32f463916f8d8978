"""JSON that two readers could read differently is refused, whatever its shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import strict_json
from core.strict_json import NotJSON

NASTY = {
    "nothing": b"",
    "blanks": b" \n",
    "half an object": b'{"a": 1',
    "two values": b"1 2",
    "a trailing comma": b'{"a": 1,}',
    "a comment": b'{"a": 1} // no',
    "single quotes": b"{'a': 1}",
    "a repeated key": b'{"a": 1, "a": 2}',
    "a repeated key within": b'{"b": [{"a": 1, "a": 1}]}',
    "a repeated key in disguise": b'{"a": 1, "\\u0061": 2}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b'{"a": -Infinity}',
    "more than a double holds": b'{"a": 1e999}',
    "less than a double holds": b'{"a": -1e999}',
    "a lone high surrogate": b'{"a": "\\ud800"}',
    "a lone low surrogate": b'{"a": "\\udc00"}',
    "surrogates the wrong way round": b'{"a": "\\udc00\\ud800"}',
    "a lone surrogate in bytes": b'{"a": "\xed\xa0\x80"}',
    "bytes that are not UTF-8": b'{"a": "\xff"}',
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "a raw control character": b'{"a": "\x01"}',
    "a raw NUL": b'{"a": "\x00"}',
    "a NUL afterwards": b'{"a": 1}\x00',
    "depth 10,000 of lists": b"[" * 10_000 + b"]" * 10_000,
    "depth 10,000 of objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "depth 10,000 that never ends": b"[" * 10_000,
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a leading zero": b'{"a": 01}',
    "hexadecimal": b'{"a": 0x10}',
    "an unknown escape": b'{"a": "\\x41"}',
}


class TestLoads:
    @pytest.mark.parametrize("data", NASTY.values(), ids=NASTY)
    def test_refuses(self, data: bytes) -> None:
        with pytest.raises(NotJSON):
            strict_json.loads(data)

    @pytest.mark.parametrize(
        ("data", "value"),
        [
            (b'{"a": 1}', {"a": 1}),
            (b"[1, 2.5, -3e2, true, false, null]", [1, 2.5, -300.0, True, False, None]),
            (b'"\\ud83d\\ude00"', "😀"),
            ('"😀 مرحبا"'.encode(), "😀 مرحبا"),
            (b'"\\u0000"', "\x00"),  # well-formed; whether a text may hold it is for the text to say
            (b'{"a": {"a": 1}}', {"a": {"a": 1}}),
            (b'{"": 1, " ": 2}', {"": 1, " ": 2}),
            (b"9007199254740991", 2**53 - 1),
        ],
    )
    def test_reads(self, data: bytes, value: object) -> None:
        assert strict_json.loads(data) == value

    @given(st.binary(max_size=200))
    def test_never_fails_in_another_way(self, data: bytes) -> None:
        try:
            strict_json.loads(data)
        except NotJSON:
            pass

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_reads_back_what_was_written(self, value: object) -> None:
        assert strict_json.loads(json.dumps(value).encode()) == value
