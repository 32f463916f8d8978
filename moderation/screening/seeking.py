"""All phrases of some lists in one automaton, and a line held against them."""

from collections.abc import Collection, Iterable

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct

from moderation.screening.anchors import Anchors
from moderation.screening.context import Company, Negation
from moderation.screening.phrases import Phrase
from moderation.screening.signals import Signal
from moderation.screening.work import TooMuchWork, Words, Work

MOST_COMBINATIONS = 100
LEAST_WORDS_OF_OTHERS = 2
MATCHES_A_UNIT = 4

Languages = tuple[str, ...]


class Aim(Struct, frozen=True, gc=False, array_like=True):
    """What one rule says when one of its phrases stands there, and what must or must not stand around it."""

    language: str
    signal: Signal
    company: Company | None
    negation: Negation | None


class Seeker(Struct, frozen=True, gc=False, array_like=True):
    """One phrase of one rule. `crosses`: it counts in every language."""

    phrase: Phrase
    anchors: Anchors
    crosses: bool
    aim: Aim

    def counts_for(self, languages: Languages) -> bool:
        """A single word counts in the writer's own language alone: Dutch `hoe` asks how."""
        if self.aim.language == languages[0] or self.crosses:
            return True
        return self.aim.language in languages and self.phrase.least_named >= LEAST_WORDS_OF_OTHERS

    def may_see(self, line: str) -> bool:
        """The cheap question before the dear one."""
        also = self.anchors.also
        return not also or any(text in line for text in also)

    def sees(self, words: Words, place: int) -> bool:
        """:raises TooMuchWork:"""
        words.work.spend(self.phrase.cost)
        span = self.phrase.around(words, place, self.anchors.at)
        if span is None or (self.aim.negation is not None and self.aim.negation.denies(words, *span)):
            return False
        return self.aim.company is None or self.aim.company.allows(words, *span)


class Index:
    """All seekers by what they are looked for by."""

    def __init__(self, seekers: Iterable[Seeker]) -> None:
        self.all = list(seekers)
        by_anchor: dict[str, list[Seeker]] = {}
        for seeker in self.all:
            for anchor in seeker.anchors.texts:
                by_anchor.setdefault(anchor, []).append(seeker)
        self._seekers = list(by_anchor.values())
        self._automaton = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard)
        self._wanted: dict[tuple[Languages, str], dict[int, Collection[Seeker]]] = {}

    def find(self, line: str, languages: Languages, *, work: Work, but: str = "") -> list[Signal]:
        """What stands in the line, for who writes these languages; without the list of `but`. A rule speaks once.

        Where it is too much work, what was found until then.
        """
        found: dict[int, Signal] = {}
        try:
            self._find(found, line, languages, work, but)
        except TooMuchWork:
            pass
        return list(found.values())

    def _find(self, found: dict[int, Signal], line: str, languages: Languages, work: Work, but: str) -> None:
        matches = self._automaton.find_matches_as_indexes(line, overlapping=True)
        if not matches:
            return
        work.spend(len(matches) // MATCHES_A_UNIT)
        wanted = self._wanted_of(languages, but)
        there: dict[int, Collection[Seeker]] = {}  # those that may still be seen in this line, by the number of their text
        words: Words | None = None
        for number, begin, _ in matches:
            seekers = there.get(number)
            if seekers is None:
                seekers = wanted.get(number)
                if seekers is None:
                    seekers = wanted[number] = self._counting(number, languages, but)
                if seekers:
                    work.spend(2 * len(seekers))
                    seekers = [seeker for seeker in seekers if seeker.may_see(line)]
                there[number] = seekers
            if seekers:
                words = words or Words.of(line.split(), work)
                there[number] = unseen(seekers, words, line.count(" ", 0, begin + 1) - 1, found)

    def _wanted_of(self, languages: Languages, but: str) -> dict[int, Collection[Seeker]]:
        """The seekers that count for these languages, by the number of their text, as far as they were asked for; there are few combinations."""
        wanted = self._wanted.get((languages, but))
        if wanted is None:
            wanted = {}
            if len(self._wanted) < MOST_COMBINATIONS:
                self._wanted[languages, but] = wanted
        return wanted

    def _counting(self, number: int, languages: Languages, but: str) -> Collection[Seeker]:
        return tuple(one for one in self._seekers[number] if one.aim.language != but and one.counts_for(languages))


def unseen(seekers: Collection[Seeker], words: Words, place: int, found: dict[int, Signal]) -> Collection[Seeker]:
    """Put into `found` what stands at a place; gives those whose rule did not speak yet. The others are never held against this line again."""
    left = []
    for seeker in seekers:
        if id(seeker.aim) not in found:
            if seeker.sees(words, place):
                found[id(seeker.aim)] = seeker.aim.signal
            else:
                left.append(seeker)
    return left
