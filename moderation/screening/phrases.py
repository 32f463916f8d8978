"""The little grammar of the lists, as places that words are held against.

`word*` any ending · `*word` any beginning · `{a|b c}` one of these · `{a|}` or nothing · `_` one word · `...` up to three words.
There are no regular expressions: every other sign is dropped, and no phrase looks further than its own length.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import ClassVar

from msgspec import Struct

from moderation.screening.letters import STOP
from moderation.screening.work import Words

HEAD = 2  # letters by which the beginnings of words are sorted
ENDS_A_UNIT = 20  # beginnings or endings that a word is held against in one unit of work
MIDDLES_A_UNIT = 6


class OneOf(Struct, frozen=True, dict=True, array_like=True, tag="one"):
    """One word out of many, by how it is, begins, ends, or what it holds."""

    whole: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    middles: tuple[str, ...] = ()
    most: ClassVar[int] = 1

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

    @cached_property
    def cost(self) -> int:
        """Work for one word, at most."""
        alike = max((len(alike) for alike in self._by_head.values()), default=0)
        return 1 + (alike + len(self._short) + len(self.endings)) // ENDS_A_UNIT + len(self.middles) // MIDDLES_A_UNIT

    def ends(self, words: Words, start: int) -> Collection[int]:
        """Behind which words it may end when it begins at `start`; none where it does not fit."""
        return (start + 1,) if start < len(words) and self.fits(words[start]) else ()

    def starts(self, words: Words, end: int) -> Collection[int]:
        """The same the other way: with which words it may begin when it ends before `end`."""
        return (end - 1,) if end > 0 and self.fits(words[end - 1]) else ()

    @cached_property
    def texts(self) -> list[str]:
        return [*self.whole, *self.beginnings, *self.endings, *self.middles]

    def __bool__(self) -> bool:
        return bool(self.whole or self.beginnings or self.endings or self.middles)


class Gap(Struct, frozen=True, gc=False, array_like=True, tag="gap"):
    """Some words, whichever; they do not reach into the next sentence."""

    least: int
    most: int
    cost: ClassVar[int] = 1

    def ends(self, words: Words, start: int) -> Collection[int]:
        end = start
        while end < len(words) and end - start < self.most and words[end] != STOP:
            end += 1
        return range(start + self.least, end + 1)

    def starts(self, words: Words, end: int) -> Collection[int]:
        start = end
        while start > 0 and end - start < self.most and words[start - 1] != STOP:
            start -= 1
        return range(start, end - self.least + 1)


class Choice(Struct, frozen=True, dict=True, array_like=True, tag="choice"):
    """One of several ways to go on, each of several words."""

    ways: "tuple[Places, ...]"
    most: int
    cost: ClassVar[int] = 1  # what its ways cost is counted as they are tried

    def ends(self, words: Words, start: int) -> Collection[int]:
        ways = self._by_first.at(words[start]) if start < len(words) else self._by_first.always
        return {end for cost, way in ways for end in ends_of(way, words, start, cost)}

    def starts(self, words: Words, end: int) -> Collection[int]:
        ways = self._by_last.at(words[end - 1]) if end > 0 else self._by_last.always
        return {start for cost, way in ways for start in starts_of(way, words, end, cost)}

    @cached_property
    def _by_first(self) -> "_Ways":
        return _Ways([(way[0] if way else None, way) for way in self.ways])

    @cached_property
    def _by_last(self) -> "_Ways":
        return _Ways([(way[-1] if way else None, way) for way in self.ways])


class _Ways:
    """Ways by the word at one end of them, so that of hundreds only those are tried that may fit."""

    def __init__(self, ways: "Sequence[tuple[Place | None, Places]]") -> None:
        self.always: list[Way] = []
        self._by_word: dict[str, list[Way]] = {}
        self._by_head: dict[str, list[Way]] = {}
        for place, way in ways:
            self._put(place, (1 + cost_of(way), way))

    def _put(self, place: "Place | None", way: "Way") -> None:
        if not isinstance(place, OneOf) or place.endings or place.middles or any(len(text) < HEAD for text in place.beginnings):
            self.always.append(way)
            return
        for word in place.whole:
            self._by_word.setdefault(word, []).append(way)
        for head in {text[:HEAD] for text in place.beginnings}:
            self._by_head.setdefault(head, []).append(way)

    def at(self, word: str) -> "Iterable[Way]":
        return chain(self._by_word.get(word, ()), self._by_head.get(word[:HEAD], ()), self.always)


Place = OneOf | Gap | Choice
Places = tuple[Place, ...]
Way = tuple[int, Places]  # with what it costs to try it


def cost_of(places: Places) -> int:
    return sum(place.cost for place in places)


def ends_of(places: Places, words: Words, start: int, cost: int = 0) -> Collection[int]:
    """Behind which words a row of places may end. :raises TooMuchWork:"""
    if cost:
        words.work.spend(cost)
    reached: Collection[int] = (start,)
    for place in places:
        if len(reached) == 1:  # nearly always
            (begin,) = reached
            reached = place.ends(words, begin)
        else:
            words.work.spend(len(reached) * place.cost)
            reached = {end for begin in reached for end in place.ends(words, begin)}
        if not reached:
            return ()
    return reached


def starts_of(places: Places, words: Words, end: int, cost: int = 0) -> Collection[int]:
    """With which words a row of places may begin. :raises TooMuchWork:"""
    if cost:
        words.work.spend(cost)
    reached: Collection[int] = (end,)
    for place in reversed(places):
        if len(reached) == 1:
            (behind,) = reached
            reached = place.starts(words, behind)
        else:
            words.work.spend(len(reached) * place.cost)
            reached = {start for behind in reached for start in place.starts(words, behind)}
        if not reached:
            return ()
    return reached


class Phrase(Struct, frozen=True, dict=True, array_like=True):
    """Places in order, compiled from one line of a list."""

    places: Places

    @cached_property
    def cost(self) -> int:
        """Work to hold it against one place of a text, what is in its choices apart."""
        return cost_of(self.places)

    @cached_property
    def most(self) -> int:
        """Words that it can cover."""
        return sum(place.most for place in self.places)

    @cached_property
    def least_named(self) -> int:
        """Words that are named in it, whichever way it is said."""
        return sum(isinstance(place, OneOf) for place in self.places)

    def around(self, words: Words, found: int, at: int) -> tuple[int, int] | None:
        """The words (from, to) that it covers where word `found` belongs to its place `at`."""
        place = self.places[at]
        for begin in range(found, max(-1, found - place.most), -1):
            if (ends := ends_of(self.places[at:], words, begin)) and (starts := starts_of(self.places[:at], words, begin)):
                return max(starts), max(ends)
        return None
