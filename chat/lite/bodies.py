"""The text of a message in lite: as it is, or squeezed with one of the dictionaries that both sides have."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.msgpack import Ext

from chat.errors import MalformedFrame
from chat.lite import dictionaries
from chat.lite.squeezing import expand, squeeze

RAW_COST = ((32, 1), (256, 2))  # what MessagePack adds to so many bytes of text; beyond them 3


class Bodies:
    """The dictionaries of one wire. A name that this server has not keeps its number and is never used."""

    def __init__(self, offered: Sequence[str]) -> None:
        self._offered = tuple(offered)
        self._dictionaries = [dictionaries.get(name) for name in offered]

    def refused_names(self) -> list[str] | None:
        """The dictionaries in use by number, with "" for one that is not; nothing when all that were offered are."""
        if all(self._dictionaries):
            return None
        return [name if found else "" for name, found in zip(self._offered, self._dictionaries, strict=True)]

    def seal_off(self, body: str | UnsetType) -> str | bytes | Ext | None:
        """The shortest way to say a body."""
        if body is UNSET:
            return None
        assert isinstance(body, str)
        best: str | bytes | Ext = body
        size = len(body.encode())
        least = size + next((cost for below, cost in RAW_COST if size < below), 3)
        for number, dictionary in enumerate(self._dictionaries):
            squeezed = squeeze(body, dictionary) if dictionary else None
            if squeezed is None:
                continue
            cost = len(squeezed) + (2 if number == 0 or len(squeezed) in {1, 2, 4, 8, 16} else 3)
            if cost < least:
                best, least = (squeezed if number == 0 else Ext(number, squeezed)), cost
        return best

    def open(self, value: Any) -> str:
        """:raises MalformedFrame: neither text nor squeezed with a dictionary that was offered."""
        if isinstance(value, str):
            return value
        number, data = (0, value) if isinstance(value, bytes) else (value.code, bytes(value.data)) if isinstance(value, Ext) else (-1, b"")
        dictionary = self._dictionaries[number] if 0 <= number < len(self._dictionaries) else None
        if dictionary is None:
            raise MalformedFrame(problem="a body is text, or squeezed with a dictionary that is in use")
        return expand(data, dictionary)
