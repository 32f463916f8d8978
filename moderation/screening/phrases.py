"""The little grammar of the lists, compiled: what a phrase must begin to be looked for by, and how it is held against words.

`word*` any ending · `*word` any beginning · `{a|b}` one of these · `{a|}` or nothing · `_` one word · `...` up to three words.
There are no regular expressions: every other sign is dropped, so nothing here can run away with the time.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from moderation.screening.letters import STOP

MOST_VARIANTS = 256
MOST_SKIPPED = 3
LEAST_ANCHOR = 2  # letters that a phrase must at least be looked for by

_CHOICE = re.compile(r"\{([^{}]*)\}")
_ANY, _SOME = "_", "..."


class BadPhrase(ValueError):
    """Carries what is wrong with it, for whoever keeps the list."""


@dataclass(frozen=True, slots=True)
class Word:
    """One place of a phrase. `text` without its stars."""

    text: str
    begins_free: bool = False  # *word
    ends_free: bool = False  # word*

    def fits(self, word: str) -> bool:
        if self.begins_free:
            return self.text in word if self.ends_free else word.endswith(self.text)
        return word.startswith(self.text) if self.ends_free else word == self.text


Place = Word | None  # None: exactly one word, whichever
Element = Place | int  # a number: up to so many words
Spelling = Callable[[str, bool], str]  # a piece, and whether it is a whole word


@dataclass(frozen=True, slots=True)
class Phrase:
    """Places in order. `anchor` is the longest stretch that stands fixed; `at` is the element it begins with, `until` the one after it."""

    elements: tuple[Element, ...]
    anchor: str
    at: int
    until: int

    @property
    def words(self) -> int:
        """How many words are named."""
        return sum(isinstance(element, Word) for element in self.elements)

    @property
    def is_anchor(self) -> bool:
        """Whether finding the anchor is finding the phrase."""
        return self.at == 0 and self.until == len(self.elements)

    def span(self, words: Sequence[str], start: int) -> tuple[int, int] | None:
        """The words (from, to) that it covers when its anchor begins at word `start`; nothing where the rest does not fit."""
        last = start + self.until - self.at
        first = _back(self.elements[: self.at], words, start)
        if first is None:
            return None
        end = _forth(self.elements[self.until :], words, last)
        return None if end is None else (first, end)

    def stands_in(self, words: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int]]:
        """Where it stands whole among `words[first:last]`."""
        part = words[first:last]
        for start in range(len(part)):
            end = _forth(self.elements, part, start)
            if end is not None:
                yield first + start, first + end


def _fits(place: Place, word: str) -> bool:
    return word != STOP if place is None else place.fits(word)


def _forth(elements: Sequence[Element], words: Sequence[str], start: int) -> int | None:
    """Where the elements end that begin at word `start`."""
    for number, element in enumerate(elements):
        if isinstance(element, int):
            ends = (_forth(elements[number + 1 :], words, start + skipped) for skipped in range(element + 1))
            return next((end for end in ends if end is not None), None)
        if start >= len(words) or not _fits(element, words[start]):
            return None
        start += 1
    return start if start <= len(words) else None


def _back(elements: Sequence[Element], words: Sequence[str], end: int) -> int | None:
    """Where the elements begin that end before word `end`."""
    for number in range(len(elements) - 1, -1, -1):
        element = elements[number]
        if isinstance(element, int):
            starts = (_back(elements[:number], words, end - skipped) for skipped in range(element + 1))
            return next((start for start in starts if start is not None), None)
        if end <= 0 or not _fits(element, words[end - 1]):
            return None
        end -= 1
    return end if end >= 0 else None


def compile_phrase(text: str, spell: Spelling) -> list[Phrase]:
    """Every way to say `text`. `spell` gives plain words as a text would be normalised to. :raises BadPhrase:"""
    found = dict.fromkeys(_phrase(variant, spell) for variant in _variants(text))
    return list(found)


def _variants(text: str) -> Iterator[str]:
    parts = _CHOICE.split(text)  # plain, choices, plain, choices …, plain
    if any(brace in part for part in parts[::2] for brace in "{}|"):
        raise BadPhrase("A brace or bar stands alone.")
    choices = [[part] if number % 2 == 0 else part.split("|") for number, part in enumerate(parts)]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > MOST_VARIANTS:
        raise BadPhrase(f"It says more than {MOST_VARIANTS} things at once.")
    return ("".join(chosen) for chosen in itertools.product(*choices))


def _phrase(variant: str, spell: Spelling) -> Phrase:
    elements: list[Element] = []
    for piece in variant.split():
        if piece == _ANY:
            elements.append(None)
        elif piece in {_SOME, "…"}:
            elements.append(MOST_SKIPPED)
        else:
            elements.extend(_words(piece, spell))
    while elements and not isinstance(elements[0], Word):  # open ends say nothing
        del elements[0]
    while elements and not isinstance(elements[-1], Word):
        del elements[-1]
    return _anchored(tuple(elements))


def _words(piece: str, spell: Spelling) -> list[Word]:
    begins, ends = piece.startswith("*"), piece.endswith("*")
    if not (plain := spell(piece.strip("*"), not (begins or ends)).split()):
        if begins or ends:
            raise BadPhrase("A star stands alone: write _ for any word.")
        return []
    return [
        Word(word, begins_free=begins and number == 0, ends_free=ends and number == len(plain) - 1) for number, word in enumerate(plain)
    ]


def _anchored(elements: tuple[Element, ...]) -> Phrase:
    """Choose the longest stretch of fixed words; a free ending ends one, a free beginning begins one."""
    best: tuple[str, int, int] = ("", 0, 0)
    run, at = "", 0
    for number, element in enumerate(elements):
        if not isinstance(element, Word):
            run = ""
            continue
        if not run or element.begins_free:
            run, at = ("" if element.begins_free else " "), number
        run += element.text + ("" if element.ends_free else " ")
        if len(run) > len(best[0]):
            best = (run, at, number + 1)
        if element.ends_free:
            run = ""
    if len(best[0].replace(" ", "")) < LEAST_ANCHOR:
        raise BadPhrase("There is no word in it to look for.")
    return Phrase(elements, *best)
