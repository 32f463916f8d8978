"""docs/protocol.md, taken apart: sections, tables, examples, and the transcript."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "docs" / "protocol.md"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its text, up to the next heading of the same or a higher level."""

    title: str
    text: str

    def tables(self) -> list[list[list[str]]]:
        """Every table in it: rows of cells, without the two lines of its head."""
        blocks = re.findall(r"(?:^\|.*\n)+", self.text, re.MULTILINE)
        return [[_cells(line) for line in block.splitlines()[2:]] for block in blocks]

    def rows(self) -> list[list[str]]:
        """The rows of all its tables."""
        return [row for table in self.tables() for row in table]

    def example(self) -> dict[str, Any]:
        """Its one JSON example."""
        (found,) = re.findall(r"^```json\n(.*?)\n```$", self.text, re.MULTILINE | re.DOTALL)
        example: dict[str, Any] = json.loads(found)
        return example


@cache
def text() -> str:
    return PATH.read_text(encoding="utf-8")


def section(title: str) -> Section:
    """The section with this heading; it is there once."""
    return section_of(text(), title)


def section_of(page: str, title: str) -> Section:
    (heading,) = re.finditer(rf"^(##+) {re.escape(title)}$", page, re.MULTILINE)
    rest = page[heading.end() :]
    end = re.search(rf"^#{{2,{len(heading[1])}}} ", rest, re.MULTILINE)
    return Section(title, rest[: end.start()] if end else rest)


def parts_of(title: str) -> dict[str, Section]:
    """The sections below a heading that are named like code, by that name."""
    names = re.findall(r"^### `(\w+)`$", section(title).text, re.MULTILINE)
    return {name: section(f"`{name}`") for name in names}


def transcript() -> list[str]:
    """The lines of the worked transcript, without notes."""
    (block,) = re.findall(r"^```transcript\n(.*?)\n```$", text(), re.MULTILINE | re.DOTALL)
    return [line for line in block.splitlines() if line and not line.startswith("#")]


def bare(cell: str) -> str:
    """A cell without code marks and links."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", cell).replace("`", "")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
