"""By what a phrase is looked for: texts of which one stands in every line that the phrase stands in, as rare as can be."""

from collections.abc import Iterator
from typing import NamedTuple

from moderation.screening.phrases import Choice, OneOf, Phrase, Places

LEAST_LETTERS = 2
MOST_ALSO = 16
MOST_ANCHORS = 256  # of one stretch
ENOUGH_LETTERS = 9  # of an anchor; longer ones find hardly less

_EVERYWHERE_TEXT = """
    ik je jij ge gij u uw mij mijn me hij ze zij het een de van en niet geen naar met voor op aan in is heb hebt ben dat die wat als maar er nu dan
    ook wel moet kan je tu il elle on nous vous ils me moi te toi le la les un une des de du au et pas ne ma mon mes ta ton tes sa son est suis es ai
    as veux peux va vais pour dans avec i you he she it we they me my your his her our the a an of to in on at for with and not no is are am was be do
    have has can will if that this what all get want ben sen o biz siz onlar bir bu su ve de da ile icin ne mi var yok cok beni seni bana sana benim
    senin gel انا انت هو هي في من علي الي ما لا هذا كل ان بدي عندي لي لك معي معك
"""
_EVERYWHERE = frozenset(f" {word} " for word in _EVERYWHERE_TEXT.split())
Texts = list[str]


class Anchors(NamedTuple):
    """Texts to look for; each begins in place `at` of its phrase. Of `also` one must stand in the line too, where there are any."""

    texts: Texts
    at: int
    also: tuple[str, ...] = ()


def anchors_of(phrase: Phrase) -> Anchors | None:
    """Nothing where the phrase could be said with hardly a letter. Spaces in a text are those of the line: words begin and end there."""
    found = _best(phrase.places)
    return found if found and _letters(found.texts) >= LEAST_LETTERS else None


def _best(places: Places) -> Anchors | None:
    candidates = sorted([*_stretches(places), *_choices(places)], key=lambda anchors: _worth(anchors.texts), reverse=True)
    if not candidates:
        return None
    best, *others = candidates
    also = next((tuple(other.texts) for other in others if len(other.texts) <= MOST_ALSO), ())
    return best._replace(also=also)


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


def _worth(texts: Texts) -> tuple[int, int, int]:
    """One that stands in every other line is worth little; then the shortest decides; of equals, the fewest."""
    return -sum(text in _EVERYWHERE for text in texts), min(_letters(texts), ENOUGH_LETTERS), -len(texts)


def _letters(texts: Texts) -> int:
    return min(len(text.replace(" ", "")) for text in texts)
