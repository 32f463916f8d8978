"""Lists compiled into one automaton, and a text held against them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from moderation.screening.anchors import Anchors, anchors_of
from moderation.screening.context import Company, Negation
from moderation.screening.grammar import BadPhrase, compile_phrase, ways_of
from moderation.screening.lists import MOST_PROBLEMS, BadList, Rule, WordRules
from moderation.screening.normalise import Text, normalise
from moderation.screening.phrases import Choice, OneOf, Phrase
from moderation.screening.signals import Signal

CROSSING = ("crisis", "threat")  # what is looked for in every language, as people write several
MOST_COMBINATIONS = 100
MOST_WAYS = 250_000  # of one list; ours have 40,000, and 100,000 words are 100,000 ways
MOST_TRIED = 8_000  # phrases held against one text: nobody writes so, and whoever does holds up the messages of others
LEAST_WORDS_OF_OTHERS = 2
LEAST_CROSSING_WORDS = 3  # fewer mean something harmless in one of the others


@dataclass(frozen=True, slots=True)
class _Seeker:
    """One phrase of one rule, and what must or must not stand around it."""

    phrase: Phrase
    anchors: Anchors
    language: str
    crosses: bool
    rule: int  # the same for all phrases of one
    signal: Signal
    company: Company | None
    negation: Negation | None

    def counts_for(self, languages: tuple[str, ...]) -> bool:
        """A single word counts in the writer's own language alone: Dutch `hoe` asks how."""
        if self.language == languages[0] or self.crosses:
            return True
        return self.language in languages and self.phrase.least_named >= LEAST_WORDS_OF_OTHERS

    def may_see(self, line: str) -> bool:
        """The cheap question before the dear one."""
        also = self.anchors.also
        return not also or any(text in line for text in also)

    def sees(self, words: Sequence[str], place: int) -> bool:
        span = self.phrase.around(words, place, self.anchors.at)
        if span is None or (self.negation is not None and self.negation.denies(words, *span)):
            return False
        return self.company is None or self.company.allows(words, *span)


class _Index:
    """All seekers by what they are looked for by."""

    def __init__(self, seekers: Iterable[_Seeker]) -> None:
        by_anchor: dict[str, list[_Seeker]] = {}
        for seeker in seekers:
            for anchor in seeker.anchors.texts:
                by_anchor.setdefault(anchor, []).append(seeker)
        self.seekers = list(by_anchor.values())
        self._anchors = list(by_anchor)
        self._wanted: dict[tuple[tuple[str, ...], str], dict[int, tuple[_Seeker, ...]]] = {}
        self.automaton = AhoCorasick(self._anchors, matchkind=MatchKind.Standard)

    def __getstate__(self) -> dict[str, Any]:
        """The automaton is made anew in some milliseconds; it cannot be written down."""
        return {name: value for name, value in self.__dict__.items() if name not in {"automaton", "_wanted"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._wanted = {}
        self.automaton = AhoCorasick(self._anchors, matchkind=MatchKind.Standard)

    def find(self, line: str, languages: tuple[str, ...], *, but: str = "") -> list[Signal]:
        """What stands in the line, for who writes these languages; without the list of `but`. A rule speaks once."""
        wanted = self._wanted.get((languages, but)) or self._want(languages, but)
        words: list[str] = []
        found: dict[int, Signal] = {}
        tried = 0
        for number, begin, _ in self.automaton.find_matches_as_indexes(line, overlapping=True):
            for seeker in wanted.get(number, ()):
                if seeker.rule not in found and seeker.may_see(line):
                    words = words or line.split()
                    tried += 1
                    if seeker.sees(words, line.count(" ", 0, begin + 1) - 1):
                        found[seeker.rule] = seeker.signal
            if tried > MOST_TRIED:
                break
        return list(found.values())

    def _want(self, languages: tuple[str, ...], but: str) -> dict[int, tuple[_Seeker, ...]]:
        """The seekers that count for these languages, by the number of their text; remembered, as there are few combinations."""
        wanted: dict[int, tuple[_Seeker, ...]] = {}
        for number, seekers in enumerate(self.seekers):
            counted = tuple(one for one in seekers if one.language != but and one.counts_for(languages))
            if counted:
                wanted[number] = counted
        if len(self._wanted) < MOST_COMBINATIONS:
            self._wanted[languages, but] = wanted
        return wanted


class Engine:
    """Compiled lists; make it once and keep it. `looks` takes microseconds."""

    def __init__(self, lists: Sequence[WordRules], *, also_known: Collection[str] = ()) -> None:
        """:raises BadList: with what is wrong in the phrases of which rule"""
        compiling = [_Compiling(rules, keeps_turkish=False) for rules in lists]
        turkish = [_Compiling(rules, keeps_turkish=True) for rules in lists if rules.language == "tr"]
        plain = [seeker for one in compiling for seeker in one.seekers()]
        kept = [seeker for one in turkish for seeker in one.seekers()]
        if problems := [problem for one in compiling for problem in one.problems]:
            raise BadList(problems[:MOST_PROBLEMS])
        self._plain = _Index(plain)
        self._turkish = _Index(kept)
        self._spelling = _spellings([*compiling, *turkish])
        self.known = frozenset(_named(place for seeker in plain + kept for place in seeker.phrase.places)).union(
            also_known, *(table for table in self._spelling.values())
        )

    def text(self, text: str, language: str) -> Text:
        return normalise(text, language, spelling=self._spelling.get(language, {}), known=self.known)

    def spells(self, text: Text, language: str) -> bool:
        """Whether there is chat spelling of this language in it."""
        spelling = self._spelling.get(language)
        return spelling is not None and not spelling.keys().isdisjoint(text.line.split())

    def find(self, text: Text, languages: tuple[str, ...]) -> list[Signal]:
        """What the lists see in the words of somebody who writes these languages."""
        if text.turkish is None:
            return self._plain.find(text.line, languages)
        return [*self._plain.find(text.line, languages, but="tr"), *self._turkish.find(text.turkish, languages)]


class _Compiling:
    """One list on its way into the automaton."""

    def __init__(self, rules: WordRules, *, keeps_turkish: bool) -> None:
        self.rules = rules
        self.keeps_turkish = keeps_turkish
        self.problems: list[str] = []
        self.ways = 0  # that were opened
        self._plain = cache(self._normalised)
        self._spelled = cache(self._in_plain_spelling)
        self.spelling = {self._plain(chat): self._plain(plain) for chat, plain in rules.spelling.items()}

    def seekers(self) -> list[_Seeker]:
        negation = Negation(self._phrases(self.rules.negation, "negation"), before=self.rules.before, after=self.rules.after)
        return [
            seeker
            for number, rule in enumerate(self.rules.rules, 1)
            for seeker in self._of(rule, f"rule {number} ({rule.reason})", negation)
        ]

    def _of(self, rule: Rule, where: str, negation: Negation) -> Iterator[_Seeker]:
        signal = Signal(rule.klass, rule.severity, rule.reason, self.rules.source)
        near, unless = self._phrases(rule.near, where), self._phrases(rule.unless, where)
        company = Company(near, unless, within=rule.within) if near or unless else None
        for text in rule.any:
            phrase = self._phrase(text, where)
            if phrase is None:
                continue
            if (anchors := anchors_of(phrase)) is None:
                self.problems.append(f"{where}: {text[:80]!r}: There is hardly a letter in it to look for.")
                continue
            crosses = rule.klass in CROSSING and phrase.least_named >= LEAST_CROSSING_WORDS
            yield _Seeker(phrase, anchors, self.rules.language, crosses, id(signal), signal, company, negation if rule.negatable else None)

    def _phrases(self, texts: Sequence[str], where: str) -> list[Phrase]:
        return [phrase for text in texts if (phrase := self._phrase(text, where))]

    def _phrase(self, text: str, where: str) -> Phrase | None:
        try:
            self._count(text)
            return compile_phrase(text, self._spelled)
        except BadPhrase as problem:
            self.problems.append(f"{where}: {text[:80]!r}: {problem}")
            return None

    def _count(self, text: str) -> None:
        """:raises BadPhrase: what its braces open would hold up everybody, or fill the memory"""
        ways = ways_of(text)
        if self.ways + ways > MOST_WAYS:
            raise BadPhrase(f"With it the list can be said in more than {MOST_WAYS:,} ways: braces beside each other multiply.")
        self.ways += ways

    def _in_plain_spelling(self, word: str, *, is_whole: bool) -> str:
        plain = self._plain(word)
        return " ".join(self.spelling.get(part, part) for part in plain.split()) if is_whole else plain

    def _normalised(self, word: str) -> str:
        text = normalise(word, self.rules.language, spelling={}, known=())
        return (text.turkish if self.keeps_turkish and text.turkish else text.line).strip()


def _spellings(compiling: Iterable[_Compiling]) -> dict[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in compiling:
        found.setdefault(one.rules.language, {}).update(one.spelling)
    return dict(found)


def _named(places: Iterable[object]) -> Iterator[str]:
    """Every word that is named in places."""
    for place in places:
        if isinstance(place, OneOf):
            yield from place.texts
        elif isinstance(place, Choice):
            for way in place.ways:
                yield from _named(way)
