"""How well the screening does on labelled phrases: precision and recall for each language and class."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moderation.screening.lists import CLASSES
from moderation.screening.looking import look


@dataclass(frozen=True, slots=True)
class Labelled:
    """A phrase and what is in it; a harmless one has no classes."""

    language: str
    classes: frozenset[str]
    text: str


@dataclass(slots=True)
class Score:
    """`precision` and `recall` are 1 where there was nothing to get wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, *, is_seen: bool, is_there: bool) -> None:
        self.right += is_seen and is_there
        self.wrong += is_seen and not is_there
        self.missed += is_there and not is_seen

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(slots=True)
class Judgement:
    """Scores by class, `any` among them: whether a phrase was rightly seen at all. `mistakes`: those to look at."""

    scores: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in (*CLASSES, "any")})
    mistakes: list[tuple[Labelled, frozenset[str]]] = field(default_factory=list)

    def take(self, phrase: Labelled) -> None:
        seen = frozenset(signal.klass for signal in look(phrase.text, phrase.language))
        for klass in CLASSES:
            self.scores[klass].count(is_seen=klass in seen, is_there=klass in phrase.classes)
        self.scores["any"].count(is_seen=bool(seen), is_there=bool(phrase.classes))
        if seen != phrase.classes:
            self.mistakes.append((phrase, seen))


def read(path: Path) -> Iterator[Labelled]:
    """The lines of `dev_nl.tsv`: classes with commas or a dash, a tab, the phrase. The language is the end of the name."""
    language = path.stem.rpartition("_")[2]
    for line in path.read_text("utf-8").splitlines():
        classes, tab, text = line.partition("\t")
        if tab and not line.startswith("#"):
            yield Labelled(language, frozenset(classes.split(",")) - {"-", ""}, text)


def judge(phrases: Iterable[Labelled]) -> Judgement:
    judgement = Judgement()
    for phrase in phrases:
        judgement.take(phrase)
    return judgement


def table(judgements: Sequence[tuple[str, Judgement]]) -> list[str]:
    """Lines to print: for each name precision, recall and how many there were, class by class."""
    lines = [f"{'':12}" + "".join(f"{name:>16}" for name in (*CLASSES, "any"))]
    for name, judgement in judgements:
        cells = (f"{score.precision:6.2f}{score.recall:5.2f}{score.right + score.missed:5}" for score in judgement.scores.values())
        lines.append(f"{name:12}" + "".join(cells))
    return lines
