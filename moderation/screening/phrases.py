"""The little grammar of the lists, as places that words are held against.

`word*` any ending · `*word` any beginning · `{a|b c}` one of these · `{a|}` or nothing · `_` one word · `...` up to three words.
There are no regular expressions: every other sign is dropped, and no phrase looks further than its own length.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from moderation.screening.letters import STOP

Places = tuple["Place", ...]


class Place(Protocol):
    """One place of a phrase."""

    @property
    def most(self) -> int:
        """Words that it can cover."""

    def ends(self, words: Sequence[str], start: int) -> Iterable[int]:
        """Behind which words it may end when it begins at `start`; none where it does not fit."""


@dataclass(frozen=True)
class OneOf:
    """One word out of many, by how it is, begins, ends, or what it holds."""

    whole: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    middles: tuple[str, ...] = ()
    most: int = 1

    @classmethod
    def of(cls, pieces: Iterable["OneOf"]) -> "OneOf":
        """Any of several."""
        pieces = list(pieces)
        return cls(
            frozenset().union(*(piece.whole for piece in pieces)),
            tuple(dict.fromkeys(word for piece in pieces for word in piece.beginnings)),
            tuple(dict.fromkeys(word for piece in pieces for word in piece.endings)),
            tuple(dict.fromkeys(word for piece in pieces for word in piece.middles)),
        )

    def fits(self, word: str) -> bool:
        return (
            word in self.whole
            or word.startswith(self.beginnings)
            or word.endswith(self.endings)
            or (bool(self.middles) and any(middle in word for middle in self.middles))
        )

    def ends(self, words: Sequence[str], start: int) -> Iterable[int]:
        return (start + 1,) if start < len(words) and self.fits(words[start]) else ()

    @cached_property
    def texts(self) -> list[str]:
        return [*self.whole, *self.beginnings, *self.endings, *self.middles]

    def __bool__(self) -> bool:
        return bool(self.whole or self.beginnings or self.endings or self.middles)


@dataclass(frozen=True, slots=True)
class Gap:
    """Some words, whichever; they do not reach into the next sentence."""

    least: int
    most: int

    def ends(self, words: Sequence[str], start: int) -> Iterable[int]:
        end = start
        while end < len(words) and end - start < self.most and words[end] != STOP:
            end += 1
        return range(start + self.least, end + 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to go on, each of several words."""

    ways: tuple[Places, ...]
    most: int

    def ends(self, words: Sequence[str], start: int) -> Iterable[int]:
        return {end for way in self.ways for end in ends_of(way, words, start)}


def ends_of(places: Places, words: Sequence[str], start: int) -> Iterable[int]:
    """Behind which words a row of places may end."""
    reached: Iterable[int] = (start,)
    for place in places:
        reached = {end for begin in reached for end in place.ends(words, begin)}
        if not reached:
            return ()
    return reached


@dataclass(frozen=True)
class Phrase:
    """Places in order, compiled from one line of a list."""

    places: Places

    @cached_property
    def most(self) -> int:
        """Words that it can cover."""
        return sum(place.most for place in self.places)

    @cached_property
    def least_named(self) -> int:
        """Words that are named in it, whichever way it is said."""
        return sum(isinstance(place, OneOf) for place in self.places)

    def around(self, words: Sequence[str], place: int) -> tuple[int, int] | None:
        """The words (from, to) that it covers where it stands over word `place`."""
        for start in range(place, max(-1, place - self.most), -1):
            end = max(ends_of(self.places, words, start), default=0)
            if end > place:
                return start, end
        return None

    def stands_in(self, words: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int]]:
        """Where it stands whole among `words[first:last]`."""
        part = words[first:last]
        for start in range(len(part)):
            for end in ends_of(self.places, part, start):
                yield first + start, first + end
