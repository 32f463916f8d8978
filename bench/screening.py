"""What looking at a message costs, and how often the screening is right on phrases that people labelled."""

import gc
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from bench.report import Figure, Report
from moderation.screening import judging
from moderation.screening.lists import LANGUAGES
from moderation.screening.looking import engine, look

_HERE = Path(__file__).parent
LABELLED = _HERE.parent / "tests" / "moderation" / "screening" / "labelled"
EVERYDAY = _HERE / "phrases"
ROUNDS = 7
MOST_MICROSECONDS = 30

Message = tuple[str, str]  # language, text


def measure(*, labelled: Path, phrases: Path) -> Report:
    """µs a message over labelled phrases and everyday ones; precision and recall for each language, class and set."""
    began = time.perf_counter()
    engine()
    compiling = time.perf_counter() - began
    files = [path for language in LANGUAGES for path in sorted(labelled.glob(f"*_{language}.tsv"))]
    judgements = [(path.stem, judging.judge(judging.read(path))) for path in files]
    messages = [(phrase.language, phrase.text) for path in files for phrase in judging.read(path)]
    everyday = [message for path in sorted(phrases.glob("*.tsv")) for message in _lines(path)]
    figures = [
        *_costs("everyday", everyday, most=MOST_MICROSECONDS),
        *_costs("labelled", messages),
        Figure("compiling_s", compiling, "s"),
        *(figure for name, judgement in judgements for figure in _rightness(name, judgement)),
    ]
    scores = {name: _table(judgement) for name, judgement in judgements}
    return Report(
        "Screening",
        figures,
        notes=[
            "Everyday: what people write. Labelled: half of it alarms, the rest nearly does.",
            "Precision, recall and phrases:",
            *judging.table(judgements),
        ],
        facts={"scores": scores},
    )


def _costs(name: str, messages: Sequence[Message], *, most: float | None = None) -> list[Figure]:
    """The quickest of the rounds for each message, as whatever else a machine does only adds; then the median and the 99th percentile of the messages."""
    gc.disable()
    try:
        rounds = [[_microseconds(message) for message in messages] for _ in range(ROUNDS)]
    finally:
        gc.enable()
    each = [min(times) for times in zip(*rounds, strict=True)]
    return [
        Figure(f"{name}_us_p50", median(each), "µs", most, [median(one) for one in rounds]),
        Figure(f"{name}_us_p99", quantiles(each, n=100)[-1], "µs", None, [quantiles(one, n=100)[-1] for one in rounds]),
    ]


def _microseconds(message: Message) -> float:
    language, text = message
    began = time.perf_counter_ns()
    look(text, language)
    return (time.perf_counter_ns() - began) / 1_000


def _rightness(name: str, judgement: judging.Judgement) -> list[Figure]:
    score = judgement.scores["any"]
    return [Figure(f"{name}_precision", score.precision), Figure(f"{name}_recall", score.recall)]


def _table(judgement: judging.Judgement) -> dict[str, dict[str, float]]:
    return {
        klass: {"precision": round(score.precision, 3), "recall": round(score.recall, 3), "phrases": score.right + score.missed}
        for klass, score in judgement.scores.items()
    }


def _lines(path: Path) -> list[Message]:
    split = (line.partition("\t") for line in path.read_text("utf-8").splitlines())
    return [(language, text) for language, tab, text in split if tab]
