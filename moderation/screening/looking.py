"""The whole of the screening over our own lists: words and shapes."""

import logging
import threading
from collections.abc import Collection
from contextlib import suppress

from moderation.screening import keeping
from moderation.screening.detectors import detect
from moderation.screening.engine import MOST_WORK, Engine
from moderation.screening.lists import BadList, WordRules, in_package, parse
from moderation.screening.signals import Signal, worst
from moderation.screening.weighing import MOST_WORK_OF_OWN
from moderation.screening.work import Work

log = logging.getLogger(__name__)


_compiling = threading.Lock()
_compiled: list[Engine] = []


def engine() -> Engine:
    """Ready once in a process: as it was kept, or compiled, in a second or two; whoever comes meanwhile waits."""
    if not _compiled:
        with _compiling:
            if not _compiled:
                _compiled.append(_ready())
    return _compiled[0]


def _ready() -> Engine:
    texts = in_package()
    kept = keeping.load(texts)
    if kept is not None:
        return kept
    made = compiled()
    with suppress(OSError):  # a folder that is only read, as it should be: then each process compiles
        keeping.keep(made, texts)
    return made


def compiled() -> Engine:
    """A list that is broken is left out, and says so: the others still see."""
    parsed = [rules for language, text in in_package().items() if (rules := _parsed(language, text))]
    try:
        return Engine.of(parsed)
    except BadList:
        return Engine.of([rules for rules in parsed if _compiles(rules)])


def _parsed(language: str, text: str) -> WordRules | None:
    try:
        return parse(text, language)
    except BadList as problem:
        _complain(language, problem)
        return None


def _compiles(rules: WordRules) -> bool:
    try:
        Engine.of([rules])
    except BadList as problem:
        _complain(rules.language, problem)
        return False
    return True


def _complain(language: str, problem: BadList) -> None:
    log.error("word_list_unusable language=%s problems=%s", language, problem)


def look(text: str, *languages: str, also: Engine | None = None, own_hosts: Collection[str] = ()) -> tuple[Signal, ...]:
    """Everything seen in a text, the most severe first.

    `languages`: what its writer writes, then what the others of the conversation do. `also`: the lists of an organisation.
    """
    first = languages[0]
    found = engine()
    words = found.text(text, first)
    work = Work(MOST_WORK)
    signals = found.find(words, languages, work=work)
    for language in languages[1:]:
        if found.spells(words, language):
            signals += found.find(found.text(text, language), (language,), work=work)
    if also is not None:
        signals += also.find(words, languages, work=Work(MOST_WORK_OF_OWN))
    signals += detect(text, words, first, own_hosts=own_hosts)
    return worst(signals) if signals else ()
