"""The little grammar of the lists, as places that words are held against.

`word*` any ending · `*word` any beginning · `{a|b c}` one of these · `{a|}` or nothing · `_` one word · `...` up to three words.
There are no regular expressions: every other sign is dropped, and no phrase looks further than its own length.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Protocol

from moderation.screening.letters import STOP

Places = tuple["Place", ...]
HEAD = 2  # letters by which the beginnings of words are sorted


class Place(Protocol):
    """One place of a phrase."""

    @property
    def most(self) -> int:
        """Words that it can cover."""

    def ends(self, words: Sequence[str], start: int) -> Collection[int]:
        """Behind which words it may end when it begins at `start`; none where it does not fit."""

    def starts(self, words: Sequence[str], end: int) -> Collection[int]:
        """The same the other way: with which words it may begin when it ends before `end`."""


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
        if word in self.whole:
            return True
        if (alike := self._by_head.get(word[:HEAD])) and word.startswith(alike):
            return True
        return bool(self._loose) and (
            word.startswith(self._short) or word.endswith(self.endings) or any(part in word for part in self.middles)
        )

    @cached_property
    def _by_head(self) -> dict[str, tuple[str, ...]]:
        """The beginnings by their first letters: few are held against a word, however many there are."""
        heads: dict[str, tuple[str, ...]] = {}
        for beginning in self.beginnings:
            if len(beginning) >= HEAD:
                heads[beginning[:HEAD]] = (*heads.get(beginning[:HEAD], ()), beginning)
        return heads

    @cached_property
    def _short(self) -> tuple[str, ...]:
        return tuple(beginning for beginning in self.beginnings if len(beginning) < HEAD)

    @cached_property
    def _loose(self) -> bool:
        return bool(self._short or self.endings or self.middles)

    def ends(self, words: Sequence[str], start: int) -> Collection[int]:
        return (start + 1,) if start < len(words) and self.fits(words[start]) else ()

    def starts(self, words: Sequence[str], end: int) -> Collection[int]:
        return (end - 1,) if end > 0 and self.fits(words[end - 1]) else ()

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

    def ends(self, words: Sequence[str], start: int) -> Collection[int]:
        end = start
        while end < len(words) and end - start < self.most and words[end] != STOP:
            end += 1
        return range(start + self.least, end + 1)

    def starts(self, words: Sequence[str], end: int) -> Collection[int]:
        start = end
        while start > 0 and end - start < self.most and words[start - 1] != STOP:
            start -= 1
        return range(start, end - self.least + 1)


@dataclass(frozen=True)
class Choice:
    """One of several ways to go on, each of several words."""

    ways: tuple[Places, ...]
    most: int

    def ends(self, words: Sequence[str], start: int) -> Collection[int]:
        ways = self._by_first.at(words[start]) if start < len(words) else self._by_first.always
        return {end for way in ways for end in ends_of(way, words, start)}

    def starts(self, words: Sequence[str], end: int) -> Collection[int]:
        ways = self._by_last.at(words[end - 1]) if end > 0 else self._by_last.always
        return {start for way in ways for start in starts_of(way, words, end)}

    @cached_property
    def _by_first(self) -> "_Ways":
        return _Ways([(way[0] if way else None, way) for way in self.ways])

    @cached_property
    def _by_last(self) -> "_Ways":
        return _Ways([(way[-1] if way else None, way) for way in self.ways])


class _Ways:
    """Ways by the word at one end of them, so that of hundreds only those are tried that may fit."""

    def __init__(self, ways: Sequence[tuple[Place | None, Places]]) -> None:
        self.always: list[Places] = []
        self._by_word: dict[str, list[Places]] = {}
        self._by_head: dict[str, list[Places]] = {}
        for place, way in ways:
            self._put(place, way)

    def _put(self, place: Place | None, way: Places) -> None:
        if not isinstance(place, OneOf) or place.endings or place.middles or any(len(text) < HEAD for text in place.beginnings):
            self.always.append(way)
            return
        for word in place.whole:
            self._by_word.setdefault(word, []).append(way)
        for head in {text[:HEAD] for text in place.beginnings}:
            self._by_head.setdefault(head, []).append(way)

    def at(self, word: str) -> Iterable[Places]:
        return chain(self._by_word.get(word, ()), self._by_head.get(word[:HEAD], ()), self.always)


def ends_of(places: Places, words: Sequence[str], start: int) -> Collection[int]:
    """Behind which words a row of places may end."""
    reached: Collection[int] = (start,)
    for place in places:
        if len(reached) == 1:  # nearly always
            (begin,) = reached
            reached = place.ends(words, begin)
        else:
            reached = {end for begin in reached for end in place.ends(words, begin)}
        if not reached:
            return ()
    return reached


def starts_of(places: Places, words: Sequence[str], end: int) -> Collection[int]:
    """With which words a row of places may begin."""
    reached: Collection[int] = (end,)
    for place in reversed(places):
        if len(reached) == 1:
            (behind,) = reached
            reached = place.starts(words, behind)
        else:
            reached = {start for behind in reached for start in place.starts(words, behind)}
        if not reached:
            return ()
    return reached


@dataclass(frozen=True)
class Phrase:
    """Places in order, compiled from one line of a list."""

    places: Places

    @cached_property
    def least_named(self) -> int:
        """Words that are named in it, whichever way it is said."""
        return sum(isinstance(place, OneOf) for place in self.places)

    def around(self, words: Sequence[str], found: int, at: int) -> tuple[int, int] | None:
        """The words (from, to) that it covers where word `found` belongs to its place `at`."""
        place = self.places[at]
        for begin in range(found, max(-1, found - place.most), -1):
            if (ends := ends_of(self.places[at:], words, begin)) and (starts := starts_of(self.places[:at], words, begin)):
                return max(starts), max(ends)
        return None
