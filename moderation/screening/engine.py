"""Lists compiled, and a text held against them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from moderation.screening.anchors import anchors_of
from moderation.screening.context import Company, Negation, Sought
from moderation.screening.grammar import BadPhrase, compile_phrase, ways_of
from moderation.screening.lists import MOST_PROBLEMS, BadList, Rule, WordRules
from moderation.screening.normalise import Text, normalise
from moderation.screening.phrases import Choice, OneOf, Phrase
from moderation.screening.seeking import Aim, Index, Languages, Seeker
from moderation.screening.signals import Signal
from moderation.screening.work import Work

CROSSING = ("crisis", "threat")  # what is looked for in every language, as people write several
MOST_WAYS = 250_000  # of one list; ours have 40,000, and 100,000 words are 100,000 ways
MOST_WORK = 30_000  # for one text: some 25 ms, and hundreds of times what people write
LEAST_CROSSING_WORDS = 3  # fewer mean something harmless in one of the others


class Made(Struct, frozen=True):
    """What an engine is made of, and all of it."""

    plain: Sequence[Seeker]
    turkish: Sequence[Seeker]
    spelling: Mapping[str, Mapping[str, str]]
    known: frozenset[str]


class Engine:
    """Compiled lists; make it once and keep it. `find` takes microseconds, and some milliseconds at most."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.known = made.known
        self._plain = Index(made.plain)
        self._turkish = Index(made.turkish)

    @classmethod
    def of(cls, lists: Sequence[WordRules], *, also_known: Collection[str] = ()) -> "Engine":
        """:raises BadList: with what is wrong in the phrases of which rule"""
        compiling = [_Compiling(rules, keeps_turkish=False) for rules in lists]
        turkish = [_Compiling(rules, keeps_turkish=True) for rules in lists if rules.language == "tr"]
        plain = [seeker for one in compiling for seeker in one.seekers()]
        kept = [seeker for one in turkish for seeker in one.seekers()]
        if problems := [problem for one in compiling for problem in one.problems]:
            raise BadList(problems[:MOST_PROBLEMS])
        spelling = _spellings([*compiling, *turkish])
        named = _named(place for seeker in plain + kept for place in seeker.phrase.places)
        return cls(Made(plain, kept, spelling, frozenset(named).union(also_known, *spelling.values())))

    def text(self, text: str, language: str) -> Text:
        return normalise(text, language, spelling=self.made.spelling.get(language, {}), known=self.known)

    def spells(self, text: Text, language: str) -> bool:
        """Whether there is chat spelling of this language in it."""
        spelling = self.made.spelling.get(language)
        return spelling is not None and not spelling.keys().isdisjoint(text.line.split())

    def find(self, text: Text, languages: Languages, *, work: Work | None = None) -> list[Signal]:
        """What the lists see in the words of somebody who writes these languages."""
        work = work or Work(MOST_WORK)
        if text.turkish is None:
            return self._plain.find(text.line, languages, work=work)
        return [*self._plain.find(text.line, languages, work=work, but="tr"), *self._turkish.find(text.turkish, languages, work=work)]


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

    def seekers(self) -> list[Seeker]:
        negation = Negation(Sought.of(self._phrases(self.rules.negation, "negation")), before=self.rules.before, after=self.rules.after)
        return [
            seeker
            for number, rule in enumerate(self.rules.rules, 1)
            for seeker in self._of(rule, f"rule {number} ({rule.reason})", negation)
        ]

    def _of(self, rule: Rule, where: str, negation: Negation) -> Iterator[Seeker]:
        signal = Signal(rule.klass, rule.severity, rule.reason, self.rules.source)
        near, unless = self._phrases(rule.near, where), self._phrases(rule.unless, where)
        company = Company(Sought.of(near), Sought.of(unless), rule.within) if near or unless else None
        aim = Aim(self.rules.language, signal, company, negation if rule.negatable else None)
        for text in rule.any:
            phrase = self._phrase(text, where)
            if phrase is None:
                continue
            if (anchors := anchors_of(phrase)) is None:
                self.problems.append(f"{where}: {text[:80]!r}: There is hardly a letter in it to look for.")
                continue
            crosses = rule.klass in CROSSING and phrase.least_named >= LEAST_CROSSING_WORDS
            yield Seeker(phrase, anchors, crosses, aim)

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
