"""By what a phrase is looked for: texts of which one stands in every line that the phrase stands in, as rare as can be."""

from collections.abc import Iterator
from typing import NamedTuple

from moderation.screening.phrases import Choice, OneOf, Phrase, Places

LEAST_LETTERS = 2
MOST_ANCHORS = 256  # of one stretch
ENOUGH_LETTERS = 9  # of an anchor; longer ones find hardly less

Texts = list[str]


class Anchors(NamedTuple):
    """Texts to look for; each begins in place `at` of its phrase."""

    texts: Texts
    at: int


def anchors_of(phrase: Phrase) -> Anchors | None:
    """Nothing where the phrase could be said with hardly a letter. Spaces in a text are those of the line: words begin and end there."""
    found = _best(phrase.places)
    return found if found and _letters(found.texts) >= LEAST_LETTERS else None


def _best(places: Places) -> Anchors | None:
    candidates = [*_stretches(places), *_choices(places)]
    return max(candidates, key=lambda anchors: _worth(anchors.texts), default=None)


def _choices(places: Places) -> Iterator[Anchors]:
    """Something of every way of a choice; nothing of one that has a way which holds nothing."""
    for at, place in enumerate(places):
        if isinstance(place, Choice):
            ways = [_best(way) for way in place.ways]
            if all(ways):
                yield Anchors(list(dict.fromkeys(text for way in ways if way for text in way.texts)), at)


def _stretches(places: Places) -> Iterator[Anchors]:
    """All stretches of places of one word, each as long as it may get."""
    run = Anchors([], 0)
    for at, place in enumerate(places):
        if not isinstance(place, OneOf):
            if run.texts:
                yield run
            run = Anchors([], 0)
            continue
        alone = _texts(place)
        goes_on = run.texts and not place.endings and not place.middles and all(text.endswith(" ") for text in run.texts)
        if goes_on and len(run.texts) * len(alone) <= MOST_ANCHORS:
            run = Anchors([before + text[1:] for before in run.texts for text in alone], run.at)
        else:
            if run.texts:
                yield run
            run = Anchors(alone, at)
    if run.texts:
        yield run


def _texts(place: OneOf) -> Texts:
    whole = [f" {word} " for word in place.whole]
    return [*whole, *(f" {word}" for word in place.beginnings), *(f"{word} " for word in place.endings), *place.middles]


def _worth(texts: Texts) -> tuple[int, int]:
    """The shortest decides; of equals, the fewest."""
    return min(_letters(texts), ENOUGH_LETTERS), -len(texts)


def _letters(texts: Texts) -> int:
    return min(len(text.replace(" ", "")) for text in texts)
