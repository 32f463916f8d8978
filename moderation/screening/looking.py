"""The whole of the screening over our own lists: words and shapes."""

import logging
from collections.abc import Collection
from functools import cache

from moderation.screening.detectors import detect
from moderation.screening.engine import Engine
from moderation.screening.lists import BadList, in_package, parse
from moderation.screening.signals import Signal, worst

log = logging.getLogger(__name__)


@cache
def engine() -> Engine:
    """Compiled once in a process, in about a second. A list that is broken is left out, and says so: the others still see."""
    usable = []
    for language, text in in_package().items():
        try:
            rules = parse(text, language)
            Engine([rules])
        except BadList as problem:
            log.error("word_list_unusable language=%s problems=%s", language, problem)  # noqa: TRY400  # the problems say it all
        else:
            usable.append(rules)
    return Engine(usable)


def look(text: str, language: str, *, also: Engine | None = None, own_hosts: Collection[str] = ()) -> tuple[Signal, ...]:
    """Everything seen in a text of somebody who writes `language`, the most severe first. `also`: the lists of an organisation."""
    found = engine()
    words = found.text(text, language)
    signals = [*found.find(words, language), *detect(text, words, language, own_hosts=own_hosts)]
    if also is not None:
        signals += also.find(words, language)
    return worst(signals) if signals else ()
