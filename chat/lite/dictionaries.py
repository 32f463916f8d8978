"""The dictionaries of short messages, as files: strings of a language that cost one byte, and text to point back into.

A file is UTF-8: the table, a string a line, most used first; an empty line; the text. In a squeezed body, byte n > 0 is the n-th
string of the table, and byte 0 is followed by one character in UTF-8. The text, said in those bytes, is deflate's preset dictionary.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "dictionaries"
INDEX = "index.toml"
KEPT = 3  # so many versions of a language stay in the folder and are served

ESCAPE = b"\0"
_PARTS = re.compile(r"(?P<language>[a-z]{2})(?P<number>[1-9][0-9]*)\Z")


class Table:
    """Strings of one byte each, and how text is said with them: always the longest that fits, from the left."""

    def __init__(self, strings: tuple[str, ...]) -> None:
        self.strings = strings
        self.pieces = tuple(string.encode() for string in strings)
        self._codes = {string: bytes([code]) for code, string in enumerate(strings, start=1)}
        self._lengths = {
            first: sorted({len(string) for string in strings if string[0] == first}, reverse=True) for first in {s[0] for s in strings}
        }

    def encode(self, text: str) -> bytes:
        """:raises UnicodeEncodeError: a lone surrogate."""
        codes, lengths = self._codes, self._lengths
        said, at, end = [], 0, len(text)
        while at < end:
            for length in lengths.get(text[at], ()):
                if (code := codes.get(text[at : at + length])) is not None:
                    said.append(code)
                    at += length
                    break
            else:
                said.append(ESCAPE + text[at].encode())
                at += 1
        return b"".join(said)


@dataclass(frozen=True)
class Dictionary:
    """One dictionary; what a name stands for never changes."""

    name: str
    data: bytes

    @property
    def language(self) -> str:
        return parts_of(self.name)[0]

    @cached_property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def url(self) -> str:
        return f"/lite/{self.name}-{self.sha256[:8]}.bin"

    @cached_property
    def table(self) -> Table:
        return Table(tuple(self._halves[0].split("\n")))

    @cached_property
    def history(self) -> bytes:
        """What deflate may point back into."""
        return self.table.encode(self._halves[1])

    @cached_property
    def _halves(self) -> tuple[str, str]:
        strings, _, text = self.data.decode().partition("\n\n")
        return strings, text


def parts_of(name: str) -> tuple[str, int]:
    """The language and the number of a name such as `nl1`.

    :raises ValueError: it is no such name.
    """
    parts = _PARTS.match(name)
    if parts is None:
        raise ValueError(name)
    return parts["language"], int(parts["number"])


def get(name: str) -> Dictionary | None:
    """The dictionary of that name; None when this server has none, or not any more."""
    return offered().get(name)


def newest(language: str) -> Dictionary:
    """:raises KeyError: no dictionary of this language."""
    names = [name for name in offered() if parts_of(name)[0] == language]
    if not names:
        raise KeyError(language)
    return offered()[max(names, key=parts_of)]


def languages() -> list[str]:
    """Those that have a dictionary."""
    return sorted({parts_of(name)[0] for name in offered()})


@cache
def offered() -> dict[str, Dictionary]:
    """Every dictionary by name, read once; oldest first within a language.

    :raises RuntimeError: a file is not what the index says, so devices would read other words than were written.
    """
    return read(FOLDER)


def read(folder: Path) -> dict[str, Dictionary]:
    found = {}
    for name, facts in sorted(index(folder).items(), key=lambda item: parts_of(item[0])):
        dictionary = Dictionary(name, (folder / f"{name}.bin").read_bytes())
        if dictionary.sha256 != facts["sha256"]:
            raise RuntimeError(f"{name}.bin is not what {INDEX} says. Take it back from the repository; a change needs a new number.")
        found[name] = dictionary
    return found


def index(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / INDEX
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
