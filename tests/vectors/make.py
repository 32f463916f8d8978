"""Write packed.json and bodies.json: `.venv/bin/python -m tests.vectors.make`. Deterministic; a test compares.

Whoever writes a client may test it with these files. `text` is what `hex` becomes; what stands under `malformed` is refused.
"""

import json
import zlib
from pathlib import Path
from typing import Any

import msgspec

from chat.lite import dictionaries
from chat.lite.dictionaries import Dictionary

FOLDER = Path(__file__).parent
SMALL = Dictionary("small", "e\na\n \nhe\nllo\nno\n. \né\n😊\n__proto__\n\nhello no. he lla hello😊".encode())

TEXTS = [
    "",
    "a",
    "hello",
    "hello hello hello hello",
    "no. he constructor toString __proto__",
    "Bonjour, ça va ? À demain à 14h30 😊",
    "hoe gaat het met jou? Ik sta aan de bib, tot straks!",
    "günaydın, nasılsın? İyiyim",
    "صباح الخير، كيف حالك اليوم؟",
    "see you at 10:45, my number is 0478 12 34 56",
    "Привет, გამარჯობა, 你好 👩‍👩‍👧",
    "line one\nline two\ttab",
    "\ufeffa mark at the start, and \x00 in between",
    "\U0010ffff\ud7ff\ue000\u0080\u07ff\u0800\uffff",
    "long " * 399 + "text.",
]

_FIXED_END = "0000000"


def packed() -> dict[str, Any]:
    same: list[Any] = [
        *(None, True, False, 0, 1, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**53 - 1, -1, -32),
        *("", "a", "é" * 15, "é" * 16, "x" * 255, "x" * 256, b"", bytes(range(256)), bytes(255)),
        *([], [1, "a", None], list(range(15)), list(range(16)), [[[[[[[[]]]]]]]], [-3, 1, "🙂", b"\x80", None, 2**40]),
        msgspec.msgpack.Ext(1, bytes(7)),
        [3, None, msgspec.msgpack.Ext(127, bytes(300))],
    ]
    read = [
        "d0df",
        "d080",
        "d1ff7f",
        "d18000",
        "d2ffff7fff",
        "d280000000",
        "d3ffffffff7fffffff",
        "d3ffe0000000000001",
        "d3fffffffffffffff6",
    ]
    read += ["cc05", "cd0005", "ce00000005", "cf0000000000000005", "d005", "d30000000000000005"]
    read += ["d401aa", "d502aabb", "d603aabbccdd", "d704" + "ee" * 8, "d805" + "ff" * 16, "c70001", "c8000101aa", "c90000000101aa"]
    read += ["d90161", "da000161", "db0000000161", "c500017f", "c6000000017f", "dc000101", "dd0000000101"]
    malformed = ["", "c1", "80", "8101a0", "df00000000", "de0000", "ca00000000", "cb0000000000000000", "0001", "c0c0"]
    malformed += [
        "91",
        "92c0",
        "a261",
        "d9",
        "d90561",
        "dbffffffff61",
        "c4",
        "c402aa",
        "c6ffffffff",
        "dcffff",
        "ddffffffff",
        "cf00",
        "d3ff",
    ]
    malformed += ["a1ff", "a2c0af", "a3eda080", "a1c3", "d401", "c701", "c7ff01aa", "c9ffffffff01", "91" * 8 + "90", "91" * 5_000]
    malformed += ["cf0020000000000000", "cfffffffffffffffff", "d3ffe0000000000000", "d38000000000000000"]
    return {
        "same": [{"value": _plain(value), "hex": msgspec.msgpack.encode(value).hex()} for value in same],
        "read": [{"value": _plain(msgspec.msgpack.decode(bytes.fromhex(data))), "hex": data} for data in read],
        "malformed": malformed,
    }


def bodies() -> dict[str, Any]:
    known = {"small": SMALL, **{name: dictionaries.offered()[name] for name in sorted(dictionaries.offered())}}
    return {
        "dictionaries": {name: {"file": each.data.decode()} if each is SMALL else {"url": each.url} for name, each in known.items()},
        "texts": TEXTS,
        "bodies": [
            *({"dictionary": name, "text": text, "hex": _deflated(each, text).hex()} for name, each in known.items() for text in TEXTS),
            *({"dictionary": "small", "text": text, "hex": data.hex()} for text, data in _other_blocks()),
        ],
        "only_for_the_server": [
            {"dictionary": name, "text": text, "hex": _deflated(each, text, zlib.Z_HUFFMAN_ONLY).hex()}
            for name, each in known.items()
            for text in TEXTS[-1:]
        ],
        "malformed": [{"dictionary": "small", "why": why, "hex": data.hex()} for why, data in _malformed()],
    }


def _deflated(dictionary: Dictionary, text: str, strategy: int = zlib.Z_FIXED) -> bytes:
    return _raw(dictionary.table.encode(text), strategy, dictionary.history)


def _raw(data: bytes, strategy: int = zlib.Z_FIXED, history: bytes = SMALL.history) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy, history)
    return stream.compress(data) + stream.flush()


def _other_blocks() -> list[tuple[str, bytes]]:
    """Blocks as other compressors write them: stored, several, empty ones, a match of 258 said in two ways."""
    said = SMALL.table.encode("hello")
    several = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FIXED, SMALL.history)
    parts = several.compress(said) + several.flush(zlib.Z_FULL_FLUSH) + several.compress(said) + several.flush()
    return [
        ("hello", _stored(said)),
        ("hellohello", parts),
        ("e" * 259, _bits("110" + _literal(1) + "11000101" + "00000" + _FIXED_END)),
        ("e" * 259, _bits("110" + _literal(1) + "11000100" + "11111" + "00000" + _FIXED_END)),
        ("e", _bits("110" + _literal(1) + _FIXED_END, rest="1")),
    ]


def _malformed() -> list[tuple[str, bytes]]:
    whole = _raw(SMALL.table.encode("hello no. hello no. é😊"))
    unfinished = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FIXED)
    flushed = unfinished.compress(SMALL.table.encode("hello")) + unfinished.flush(zlib.Z_SYNC_FLUSH)
    return [
        ("nothing", b""),
        *((f"cut off after {length}", whole[:length]) for length in range(1, len(whole))),
        ("a byte too many", whole + b"\0"),
        ("a second stream", whole + whole),
        ("no last block", flushed),
        ("a block of the fourth kind", _bits("111")),
        ("a stored block whose length is not said twice", b"\x01\x02\x00\xfd\xfe\x01\x01"),
        ("a stored block that is cut off", _stored(b"\x01\x02")[:-1]),
        ("a length that does not exist", _bits("110" + "11000110" + "00000" + _FIXED_END)),
        ("a distance that does not exist", _bits("110" + _literal(1) + "0000001" + "11110" + _FIXED_END)),
        ("a distance behind the dictionary", _bits("110" + _literal(1) + "0000001" + "11101" + "0" * 13 + _FIXED_END)),
        ("a byte that the table does not know", _raw(b"\x01\x0b")),
        ("an escape without a character", _raw(b"\x01\x00")),
        ("an escaped character that is cut off", _raw(b"\x00\xe2\x82")),
        ("an escaped character that is none", _raw(b"\x00\x80\x80")),
        ("an escaped character in too many bytes", _raw(b"\x00\xc0\xaf")),
        ("an escaped character beyond the last", _raw(b"\x00\xf4\x90\x80\x80")),
        ("an escaped surrogate", _raw(b"\x00\xed\xa0\x80")),
        ("16,385 bytes", _raw(b"\x01" * 16_385)),
        ("a million bytes", _raw(b"\x01" * 1_000_000)),
        ("fewer bytes that say more", _raw(b"\x04" * 8_193)),
        ("bytes that say 40,000", _raw(b"\x09" * 10_000)),
        ("bytes that say nine times as many", _raw(b"\x0a" * 16_384)),
    ]


def _stored(data: bytes) -> bytes:
    return b"\x01" + len(data).to_bytes(2, "little") + (65_535 - len(data)).to_bytes(2, "little") + data


def _literal(code: int) -> str:
    return f"{48 + code:08b}"


def _bits(bits: str, rest: str = "0") -> bytes:
    bits += rest * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: bin as {"bin": hex}, ext as {"ext": type, "bin": hex}."""
    match value:
        case bytes():
            return {"bin": value.hex()}
        case msgspec.msgpack.Ext():
            return {"ext": value.code, "bin": bytes(value.data).hex()}
        case list():
            return [_plain(item) for item in value]
    return value


def written(vectors: dict[str, Any]) -> str:
    """One vector a line."""
    parts = []
    for name, items in vectors.items():
        lines = [json.dumps(item, ensure_ascii=True) for item in items] if isinstance(items, list) else None
        inside = "[\n" + ",\n".join(lines) + "\n]" if lines is not None else json.dumps(items, ensure_ascii=True)
        parts.append(f"{json.dumps(name)}: {inside}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


FILES = {"packed.json": packed, "bodies.json": bodies}

if __name__ == "__main__":
    for name, make in FILES.items():
        (FOLDER / name).write_text(written(make()), encoding="utf-8")
