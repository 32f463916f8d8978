"""docs/lite.md, taken apart: layouts, examples, transcripts. What reads and writes frames here knows them from the page alone."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from msgspec.msgpack import Ext

from tests.contracts import protocol_page

PATH = protocol_page.ROOT / "docs" / "lite.md"
_BYTES = re.compile(r"ext\((\d+), h'([0-9a-f]*)'\)|h'([0-9a-f]*)'")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\bnil\b')


@dataclass(frozen=True, slots=True)
class Layout:
    """A frame as an array: its number (none: a slot stands there), its fields in order, what is left out, and what may repeat behind."""

    name: str
    number: int | None
    fields: tuple[str, ...]
    tail: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)

    def read(self, array: list[Any]) -> dict[str, Any]:
        """Fields by name; what repeats is in `tail`, as a flat list."""
        values = array if self.number is None else array[1:]
        rest = values[len(self.fields) :] if self.tail else []
        padded = [*values[: len(self.fields)], *[None] * (len(self.fields) - len(values))]
        found = {name: self.defaults.get(name) if value is None else value for name, value in zip(self.fields, padded, strict=True)}
        return {**found, "tail": rest} if self.tail else found

    def write(self, **fields: Any) -> list[Any]:
        """The array of a frame; defaults are nil, and left out at the end."""
        assert fields.keys() <= set(self.fields), fields
        values = [None if fields.get(name) == self.defaults.get(name) else fields.get(name) for name in self.fields]
        while values and values[-1] is None:
            values.pop()
        return values if self.number is None else [self.number, *values]


@cache
def text() -> str:
    return PATH.read_text(encoding="utf-8")


def section(title: str) -> protocol_page.Section:
    return protocol_page.section_of(text(), title)


@cache
def layouts(title: str) -> dict[str, Layout]:
    """The layouts of a section, by the name of their frame."""
    rows = section(title).rows()
    return {protocol_page.bare(row[0]): _layout(protocol_page.bare(row[0]), protocol_page.bare(row[1])) for row in rows}


def _layout(name: str, written: str) -> Layout:
    inner = written.removeprefix("[").removesuffix("]")
    repeated = re.search(r"(?:\(([^)]*)\)|(\w+))…$", inner)
    tail = tuple((repeated[1] or repeated[2]).split(", ")) if repeated else ()
    items = (inner[: repeated.start()] if repeated else inner).strip(", ").split(", ")
    number = int(items.pop(0)) if items[0].lstrip("-").isdigit() else None
    names, _, values = zip(*(item.partition("=") for item in items), strict=True)
    defaults = {name: read_notation(value) for name, value in zip(names, values, strict=True) if value}
    return Layout(name, number, names, tail, defaults)


def by_number(title: str) -> dict[int | None, Layout]:
    return {layout.number: layout for layout in layouts(title).values()}


def layout_of(array: list[Any], title: str) -> Layout:
    """Which layout an array has."""
    return by_number(title)[None if array[0] >= 0 else array[0]]


def read_notation(written: str) -> Any:
    """A value as the page writes it: JSON with `nil`, `h'01ff'` and `ext(1, h'01ff')`."""
    quoted = _BYTES.sub(lambda found: json.dumps({"ext": found[1] or "", "hex": found[2] or found[3] or ""}), written)
    return _unquoted(json.loads(_TOKEN.sub(lambda found: "null" if found[0] == "nil" else found[0], quoted)))


def _unquoted(value: Any) -> Any:
    match value:
        case {"ext": "", "hex": digits}:
            return bytes.fromhex(digits)
        case {"ext": number, "hex": digits}:
            return Ext(int(number), bytes.fromhex(digits))
        case list():
            return [_unquoted(one) for one in value]
    return value


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript: who, what (`connects`, `leaves`, `>`, `<`, `posts`), and the value with its bytes when there is one."""

    written: str
    who: str
    what: str
    said: str
    data: bytes

    @property
    def value(self) -> Any:
        return read_notation(self.said)


def transcripts() -> list[list[Line]]:
    """The lines of each worked transcript, without notes; each with the hex that stands below it."""
    blocks = re.findall(r"^```transcript\n(.*?)\n```$", text(), re.MULTILINE | re.DOTALL)
    return [list(_lines(block)) for block in blocks]


def _lines(block: str) -> list[Line]:
    found: list[Line] = []
    for written in block.splitlines():
        if written.startswith("  "):
            last = found[-1]
            found[-1] = Line(last.written, last.who, last.what, last.said, last.data + bytes.fromhex(written))
        elif written and not written.startswith("#"):
            who, what, *said = written.split(" ", 2)
            found.append(Line(written, who, what, said[0] if said else "", b""))
    return found


def packed(value: Any) -> bytes:
    return msgspec.msgpack.encode(value)


def unpacked(data: bytes) -> list[list[Any]]:
    """The frames of a message."""
    value: list[Any] = msgspec.msgpack.decode(data)
    return [value] if isinstance(value[0], int) else value
