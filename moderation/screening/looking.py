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
    """Compiled once in a process, in a second or two. A list that is broken is left out, and says so: the others still see."""
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


def look(text: str, *languages: str, also: Engine | None = None, own_hosts: Collection[str] = ()) -> tuple[Signal, ...]:
    """Everything seen in a text, the most severe first.

    `languages`: what its writer writes, then what the others of the conversation do. `also`: the lists of an organisation.
    """
    first = languages[0]
    found = engine()
    words = found.text(text, first)
    signals = found.find(words, languages)
    for language in languages[1:]:
        if found.spells(words, language):
            signals += found.find(found.text(text, language), (language,))
    if also is not None:
        signals += also.find(words, languages)
    signals += detect(text, words, first, own_hosts=own_hosts)
    return worst(signals) if signals else ()
