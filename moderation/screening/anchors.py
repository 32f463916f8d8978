"""By what a phrase is looked for: texts of which one stands in every line that the phrase stands in, as rare as can be."""

from collections.abc import Iterator

from moderation.screening.phrases import Choice, OneOf, Phrase, Places

LEAST_LETTERS = 2
MOST_ANCHORS = 256  # of one stretch
ENOUGH_LETTERS = 9  # of an anchor; longer ones find hardly less

Anchors = list[str]


def anchors_of(phrase: Phrase) -> Anchors | None:
    """Nothing where the phrase could be said with hardly a letter. Spaces in an anchor are those of the line: words begin and end there."""
    found = _best(phrase.places)
    return found if found and _letters(found) >= LEAST_LETTERS else None


def _best(places: Places) -> Anchors | None:
    candidates = [stretch for stretch in _stretches(places) if stretch]
    candidates += [found for place in places if isinstance(place, Choice) and (found := _of_choice(place))]
    return max(candidates, key=_worth, default=None)


def _of_choice(choice: Choice) -> Anchors | None:
    """Something of every way; nothing where one way holds nothing."""
    ways = [_best(way) for way in choice.ways]
    return None if not all(ways) else list(dict.fromkeys(anchor for way in ways if way for anchor in way))


def _stretches(places: Places) -> Iterator[Anchors]:
    """All stretches of places of one word, each as long as it may get."""
    run: Anchors = []
    for place in places:
        if not isinstance(place, OneOf):
            yield run
            run = []
            continue
        alone = _texts(place)
        goes_on = run and not place.endings and not place.middles and all(text.endswith(" ") for text in run)
        if goes_on and len(run) * len(alone) <= MOST_ANCHORS:
            run = [before + text[1:] for before in run for text in alone]
        else:
            yield run
            run = alone
    yield run


def _texts(place: OneOf) -> Anchors:
    whole = [f" {word} " for word in place.whole]
    return [*whole, *(f" {word}" for word in place.beginnings), *(f"{word} " for word in place.endings), *place.middles]


def _worth(anchors: Anchors) -> tuple[int, int]:
    """The shortest decides; of equals, the fewest."""
    return min(_letters(anchors), ENOUGH_LETTERS), -len(anchors)


def _letters(anchors: Anchors) -> int:
    return min(len(anchor.replace(" ", "")) for anchor in anchors)
