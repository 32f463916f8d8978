"""Who talks to whom in a bench."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's device."""

    person: str
    token: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two devices with a conversation."""

    conversation: str
    seats: list[Seat]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Pair":
        return cls(data["conversation"], [Seat(**seat) for seat in data["seats"]])


def read_pairs(path: Path) -> list[Pair]:
    """What `bench.seed` wrote."""
    return [Pair.from_json(one) for one in json.loads(path.read_text())]
